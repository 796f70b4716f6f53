import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiReply } from '../../platform/http/api-reply.js';
import { trendsQuery, trendsReply, type TrendsQuery, type TrendsReply } from './trends.dto.js';
import { TrendsService } from './trends.service.js';

@ApiTags('Analytics')
@Controller('api/v1/analytics/trends')
export class TrendsController {
  constructor(@Inject(TrendsService) private readonly trends: TrendsService) {}

  @Get()
  @ApiOperation({ summary: 'Cost, calls and tokens by hour, day, week or month, for all usage or the dearest groups' })
  @ApiReply(200, trendsReply)
  trend(@Query({ schema: trendsQuery }) query: TrendsQuery): Promise<TrendsReply> {
    return this.trends.trend(query);
  }
}
