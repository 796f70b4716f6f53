import { Body, Controller, Delete, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { invalid } from '../errors/platform.errors.js';
import { ApiReply } from '../http/api-reply.js';
import { pageOf } from '../http/page.pure.js';
import { instant, toIso, type Clock } from '../time.js';
import { CLOCK } from '../tokens.js';
import { RequireRole } from './access.js';
import {
  accessKeysQuery,
  accessKeysReply,
  createAccessKeyBody,
  createdAccessKeyReply,
  toReply,
} from './access-keys.dto.js';
import { AccessKeys } from './access-keys.js';
import { CurrentPrincipal } from './current-principal.js';
import type { Principal } from './principal.js';

/** Keys of the management API, the same ones on every module. */
@ApiTags('Access keys')
@RequireRole('admin')
@Controller('api/v1/access-keys')
export class AccessKeysController {
  constructor(
    @Inject(AccessKeys) private readonly accessKeys: AccessKeys,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The keys that are not revoked, the newest first' })
  @ApiReply(200, accessKeysReply)
  async list(
    @Query({ schema: accessKeysQuery }) query: z.output<typeof accessKeysQuery>,
  ): Promise<z.output<typeof accessKeysReply>> {
    const found = await this.accessKeys.list(query.limit + 1, query.cursor ?? null);
    const page = pageOf(found, query.limit, (key) => [toIso(key.createdAt), key.id]);
    return { access_keys: page.items.map(toReply), next_cursor: page.nextCursor };
  }

  @Post()
  @ApiOperation({ summary: 'Make a key; the reply shows it this once' })
  @ApiReply(201, createdAccessKeyReply)
  async create(
    @Body({ schema: createAccessKeyBody }) body: z.output<typeof createAccessKeyBody>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<z.output<typeof createdAccessKeyReply>> {
    const expiresAt = typeof body.expires_at === 'string' ? instant(Date.parse(body.expires_at)) : null;
    if (expiresAt !== null && expiresAt <= this.clock.now()) throw invalid({ expires_at: 'It lies in the past.' });
    const request = { name: body.name, role: body.role, modules: body.modules ?? null, expiresAt };
    const { stored, key } = await this.accessKeys.create(request, principal);
    return { ...toReply(stored), key };
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Revoke a key, on every replica within a second' })
  @ApiReply(204)
  async revoke(@Param('id') id: string, @CurrentPrincipal() principal: Principal): Promise<void> {
    await this.accessKeys.revoke(id, principal);
  }
}
