import { clockNames } from '../sla/clock.js';
import type { Instant } from '../time.js';
import { cancelling, stopping } from './clocks.js';
import { bySystem, emit, type Course, type Stamp } from './course.js';
import { missing } from './gate.js';

/** What follows by itself from the case as it now stands: news kept for the cause track, and the close. */
export function settle(course: Course, at: Instant, stamp: Stamp = bySystem(at)): void {
  applyNews(course, stamp);
  if (course.state.closedAt === null && missing(course.state).length === 0) {
    emit(course, { ...stamp, type: 'closed', data: { clocks: cancelling(course, clockNames, at) } });
  }
}

/** A root, measure or verdict that came before the cause track opened is applied on opening (spec: case, order of tracks). */
function applyNews(course: Course, stamp: Stamp): void {
  const { investigation, news } = course.state;
  const cause = () => course.state.tracks.cause;
  if (investigation === null || (cause() !== 'open' && cause() !== 'improving')) return;
  const clock = stopping(course, ['cause'], stamp.at);
  if (news.rootAt !== null && clock.length > 0) {
    emit(course, { ...stamp, type: 'root_found', data: { investigation, foundAt: news.rootAt, clocks: clock } });
  }
  if (news.measureAt !== null && cause() === 'open') {
    emit(course, { ...stamp, type: 'improving', data: { investigation, measureAt: news.measureAt } });
  }
  if (news.verifiedAt !== null) {
    emit(course, {
      ...stamp,
      type: 'verified',
      data: { investigation, verifiedAt: news.verifiedAt, clocks: stopping(course, ['cause'], stamp.at) },
    });
  }
}
