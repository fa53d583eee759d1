export { complaint } from './complaint.js';
export { investigation } from './investigation.js';
