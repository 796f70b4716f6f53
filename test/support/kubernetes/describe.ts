import { describe } from '@jest/globals';
import { findProgram, type Program } from './programs.js';

/** `describe`, left out where one of these programs is missing; the end of the run says so. */
export const describeWith = (...programs: readonly Program[]) =>
  programs.every((name) => findProgram(name) !== null) ? describe : describe.skip;

export const describeWithKubernetes = describeWith('kube-apiserver');
