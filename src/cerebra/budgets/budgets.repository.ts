import { Inject, Injectable } from '@nestjs/common';
import { DataSource, IsNull, QueryFailedError, type EntityManager } from 'typeorm';
import { conflict, notFound } from '../../platform/errors/platform.errors.js';
import { Revisions } from '../revisions/revisions.js';
import { BUDGETS } from './budget-map.js';
import { BudgetRow } from './budget.entity.js';
import type { BudgetsQuery } from './budgets.dto.js';

/** All of them are held in memory on every replica, at some 500 bytes each. */
const BUDGETS_MAX = 100_000;
const UNIQUE_VIOLATION = '23505';

/** `cerebra.budgets`. Every write bears the revision by which the other replicas notice it. */
@Injectable()
export class BudgetsRepository {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Revisions) private readonly revisions: Revisions,
  ) {}

  find(id: string): Promise<BudgetRow | null> {
    return this.dataSource.manager.findOneBy(BudgetRow, { id, deletedAt: IsNull() });
  }

  /** The newest first, one more than asked for. */
  async list({ scope, entity_id, cursor, limit }: BudgetsQuery): Promise<{ found: BudgetRow[]; total: number }> {
    const query = this.dataSource.manager.createQueryBuilder(BudgetRow, 'budget').where({ deletedAt: IsNull() });
    if (scope !== undefined) query.andWhere({ scope });
    if (entity_id !== undefined) query.andWhere({ entityId: entity_id });
    const total = await query.getCount();
    if (cursor !== undefined) {
      query.andWhere('(budget.created_at, budget.id) < (:time, :id)', { time: cursor[0], id: cursor[1] });
    }
    query.orderBy('budget.createdAt', 'DESC').addOrderBy('budget.id', 'DESC');
    return { found: await query.take(limit + 1).getMany(), total };
  }

  /** @param manager of the transaction that the budget belongs to, where it is not one of its own */
  async insert(fields: Omit<BudgetRow, 'revision'>, manager?: EntityManager): Promise<BudgetRow> {
    if (manager === undefined) return this.dataSource.transaction((own) => this.insert(fields, own));
    const revision = await this.revisions.bump(manager, BUDGETS);
    if ((await manager.countBy(BudgetRow, { deletedAt: IsNull() })) >= BUDGETS_MAX) {
      throw conflict(`There are ${BUDGETS_MAX} budgets, which is the most that there can be.`);
    }
    return this.write(manager, manager.create(BudgetRow, { ...fields, revision }));
  }

  /** Writers stand in line for the revision, so what `edit` sees is what it changes. */
  change(id: string, edit: (row: BudgetRow) => Partial<BudgetRow>): Promise<BudgetRow> {
    return this.dataSource.transaction(async (manager) => {
      const revision = await this.revisions.bump(manager, BUDGETS);
      const row = await manager.findOneBy(BudgetRow, { id, deletedAt: IsNull() });
      if (!row) throw notFound(`Budget '${id}'`);
      return this.write(manager, Object.assign(row, edit(row), { revision }));
    });
  }

  private async write(manager: EntityManager, row: BudgetRow): Promise<BudgetRow> {
    try {
      return await manager.save(row);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw conflict(`There is a ${row.period} budget for the ${row.scope} '${row.entityId}' already.`);
    }
  }
}

function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof QueryFailedError)) return false;
  const cause: unknown = error.driverError;
  return typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === UNIQUE_VIOLATION;
}
