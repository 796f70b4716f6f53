import { randomUUIDv7 } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { notFound } from '../../../platform/errors/platform.errors.js';
import type { Clock } from '../../../platform/time.js';
import { CLOCK } from '../../../platform/tokens.js';
import { OwnerMap } from './owner-map.js';
import type { OwnerRow } from './owner.entity.js';
import { ownerWords, type OwnerKind, type Parents } from './owner.js';
import type { NewOwner, OwnerSettings } from './owners.dto.js';
import { OwnersRepository } from './owners.repository.js';

/** Makes and changes organisations, teams and agents. What it does holds here at once, elsewhere within a second. */
@Injectable()
export class OwnersService {
  constructor(
    @Inject(OwnersRepository) private readonly owners: OwnersRepository,
    @Inject(OwnerMap) private readonly map: OwnerMap,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async create(kind: OwnerKind, { id, name, ...parents }: NewOwner): Promise<OwnerRow> {
    const now = new Date(this.clock.now());
    const made = await this.owners.insert({
      kind,
      id: id ?? randomUUIDv7(),
      name,
      ...parentsOf(parents),
      origin: 'api',
      createdAt: now,
      updatedAt: now,
      deletedAt: null,
    });
    await this.map.refresh();
    return made;
  }

  async get(kind: OwnerKind, id: string): Promise<OwnerRow> {
    const row = await this.owners.find(kind, id);
    if (row === null) throw notFound(`${ownerWords[kind]} '${id}'`);
    return row;
  }

  async update(kind: OwnerKind, id: string, { name, ...parents }: OwnerSettings): Promise<OwnerRow> {
    const changed = await this.owners.update(kind, id, name, parentsOf(parents), new Date(this.clock.now()));
    await this.map.refresh();
    return changed;
  }

  async remove(kind: OwnerKind, id: string): Promise<void> {
    await this.owners.remove(kind, id, new Date(this.clock.now()));
    await this.map.refresh();
  }
}

const parentsOf = ({ org_id, team_id }: Omit<OwnerSettings, 'name'>): Parents => ({
  orgId: org_id ?? null,
  teamId: team_id ?? null,
});
