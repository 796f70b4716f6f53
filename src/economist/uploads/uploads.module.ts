import { Module } from '@nestjs/common';
import { FormBodies } from './form-bodies.js';
import { UploadStore } from './upload-store.js';

/** Files that come with requests. */
@Module({ providers: [FormBodies, UploadStore], exports: [UploadStore] })
export class UploadsModule {}
