import type { RowShape } from '../../sources/row-shape.js';
import { awsCur2 } from './aws-cur-2.pure.js';
import { azureActual, azureAmortised } from './azure.pure.js';
import { focus } from './focus.pure.js';
import { gcp } from './gcp.pure.js';
import { mapped } from './mapping.pure.js';
import type { Shape } from './shape.js';

export function shapeOf(shape: RowShape): Shape {
  switch (shape.kind) {
    case 'focus':
      return focus;
    case 'aws-cur-2':
      return awsCur2;
    case 'azure-actual':
      return azureActual;
    case 'azure-amortised':
      return azureAmortised;
    case 'gcp':
      return gcp;
    case 'mapping':
      return mapped(shape.mapping);
    default:
      return shape satisfies never;
  }
}
