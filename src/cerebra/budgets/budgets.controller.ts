import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiReply } from '../../platform/http/api-reply.js';
import { pageOf } from '../../platform/http/page.pure.js';
import type { z } from 'zod';
import {
  budgetReply,
  budgetsQuery,
  budgetsReply,
  createBudgetBody,
  updateBudgetBody,
  type BudgetReply,
  type BudgetSettings,
  type BudgetsQuery,
  type NewBudget,
} from './budgets.dto.js';
import { BudgetsRepository } from './budgets.repository.js';
import { BudgetsService } from './budgets.service.js';

/** What may be spent, on whose calls, in which window. */
@ApiTags('Budgets')
@Controller('api/v1/budgets')
export class BudgetsController {
  constructor(
    @Inject(BudgetsService) private readonly budgets: BudgetsService,
    @Inject(BudgetsRepository) private readonly repository: BudgetsRepository,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Budgets and what they have spent, the newest first' })
  @ApiReply(200, budgetsReply)
  async list(@Query({ schema: budgetsQuery }) query: BudgetsQuery): Promise<z.output<typeof budgetsReply>> {
    const { found, total } = await this.repository.list(query);
    const page = pageOf(found, query.limit, (row) => [row.createdAt.toISOString(), row.id]);
    const budgets = await Promise.all(page.items.map((row) => this.budgets.describe(row)));
    return { budgets, total, next_cursor: page.nextCursor };
  }

  @Post()
  @ApiOperation({ summary: 'Make a budget; what its window holds already counts' })
  @ApiReply(201, budgetReply)
  async create(@Body({ schema: createBudgetBody }) body: NewBudget): Promise<BudgetReply> {
    return this.budgets.describe(await this.budgets.create(body));
  }

  @Get(':id')
  @ApiOperation({ summary: 'A budget and what it has spent' })
  @ApiReply(200, budgetReply)
  async get(@Param('id') id: string): Promise<BudgetReply> {
    return this.budgets.describe(await this.budgets.get(id));
  }

  @Put(':id')
  @ApiOperation({ summary: 'Change all but scope and entity; a limit below what is spent stops further calls' })
  @ApiReply(200, budgetReply)
  async update(
    @Param('id') id: string,
    @Body({ schema: updateBudgetBody }) body: BudgetSettings,
  ): Promise<BudgetReply> {
    return this.budgets.describe(await this.budgets.update(id, body));
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Delete a budget: calls are no longer held by it, on any replica, within a second' })
  @ApiReply(204)
  async delete(@Param('id') id: string): Promise<void> {
    await this.budgets.delete(id);
  }
}
