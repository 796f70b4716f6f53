import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { ApiReply } from '../../platform/http/api-reply.js';
import { pageOf } from '../../platform/http/page.pure.js';
import {
  createdKeyReply,
  createKeyBody,
  keyReply,
  keysQuery,
  keysReply,
  rotatedKeyReply,
  rotateKeyBody,
  toReply,
  updateKeyBody,
  type KeyReply,
  type KeySettings,
  type KeysQuery,
  type NewKey,
} from './keys.dto.js';
import { KeysRepository } from './keys.repository.js';
import { KeysService } from './keys.service.js';

/** Virtual keys: what a client of the gateway presents instead of a provider's key. */
@ApiTags('Keys')
@Controller('api/v1/keys')
export class KeysController {
  constructor(
    @Inject(KeysService) private readonly keys: KeysService,
    @Inject(KeysRepository) private readonly repository: KeysRepository,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The keys that are not revoked, the newest first' })
  @ApiReply(200, keysReply)
  async list(@Query({ schema: keysQuery }) query: KeysQuery): Promise<z.output<typeof keysReply>> {
    const { found, total } = await this.repository.list(query);
    const page = pageOf(found, query.limit, (key) => [key.createdAt.toISOString(), key.id]);
    return { keys: page.items.map(toReply), total, next_cursor: page.nextCursor };
  }

  @Post()
  @ApiOperation({ summary: 'Make a key; the reply shows it this once' })
  @ApiReply(201, createdKeyReply)
  async create(@Body({ schema: createKeyBody }) body: NewKey): Promise<z.output<typeof createdKeyReply>> {
    const { stored, key } = await this.keys.create(body);
    return { ...toReply(stored), key };
  }

  @Get(':id')
  @ApiOperation({ summary: 'A key, without its secret' })
  @ApiReply(200, keyReply)
  async get(@Param('id') id: string): Promise<KeyReply> {
    return toReply(await this.keys.get(id));
  }

  @Put(':id')
  @ApiOperation({ summary: 'Change all of a key but its secret, on every replica within a second' })
  @ApiReply(200, keyReply)
  async update(@Param('id') id: string, @Body({ schema: updateKeyBody }) body: KeySettings): Promise<KeyReply> {
    return toReply(await this.keys.update(id, body));
  }

  @Post(':id/rotate')
  @ApiOperation({ summary: 'Give a key a new secret; the one that it has is still taken for a while' })
  @ApiReply(200, rotatedKeyReply)
  async rotate(
    @Param('id') id: string,
    @Body({ schema: rotateKeyBody.prefault({}) }) { grace_seconds }: z.output<typeof rotateKeyBody>,
  ): Promise<z.output<typeof rotatedKeyReply>> {
    const { key, prefix, previousValidUntil } = await this.keys.rotate(id, grace_seconds);
    return { id, key, prefix, previous_valid_until: previousValidUntil.toISOString() };
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Revoke a key, on every replica within a second' })
  @ApiReply(204)
  async revoke(@Param('id') id: string): Promise<void> {
    await this.keys.revoke(id);
  }
}
