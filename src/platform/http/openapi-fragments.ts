import { Injectable } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';

type Paths = OpenAPIObject['paths'];

/** Raw routes are invisible to Nest's scanner: each describes itself here while its module is built. */
@Injectable()
export class OpenApiFragments {
  private readonly collected: Paths = {};

  get paths(): Readonly<Paths> {
    return this.collected;
  }

  /** @param paths as in an OpenAPI document: path template → method → operation */
  add(paths: Paths): void {
    for (const [path, item] of Object.entries(paths)) this.collected[path] = { ...this.collected[path], ...item };
  }
}
