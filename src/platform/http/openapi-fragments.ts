import { Injectable } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';

type Paths = OpenAPIObject['paths'];
type SecuritySchemes = NonNullable<NonNullable<OpenAPIObject['components']>['securitySchemes']>;

/** Raw routes are invisible to Nest's scanner: each describes itself here while its module is built. */
@Injectable()
export class OpenApiFragments {
  private readonly collected: Paths = {};
  private readonly schemes: SecuritySchemes = {};

  get paths(): Readonly<Paths> {
    return this.collected;
  }

  get securitySchemes(): Readonly<SecuritySchemes> {
    return this.schemes;
  }

  /**
   * Both as in an OpenAPI document.
   * @param paths path template → method → operation
   * @param securitySchemes by the name that operations call them by, where those differ from the management API's
   */
  add(paths: Paths, securitySchemes: SecuritySchemes = {}): void {
    Object.assign(this.schemes, securitySchemes);
    for (const [path, item] of Object.entries(paths)) this.collected[path] = { ...this.collected[path], ...item };
  }
}
