import { Module } from '@nestjs/common';
import { Revisions } from './revisions.js';

@Module({ providers: [Revisions], exports: [Revisions] })
export class RevisionsModule {}
