import { workerData } from 'node:worker_threads';
import { claimsMade } from '../../../spec/properties.ts';
import type { Orders } from '../../explore/levels/crew.ts';
import { serve } from '../../explore/levels/member.ts';
import { worldOf, type Job } from './job.ts';

/** A thread that goes through levels of one search together with others. */

const { job, orders } = workerData as { readonly job: Job; readonly orders: Orders };
serve(worldOf(job), claimsMade(job.scenario, job.conduct), { quotient: job.quotient, fuse: job.fuse }, orders);
