import { tiers, type Flags, type Tier } from './terms.js';

/** The worse of two tiers. */
export function worse(a: Tier, b: Tier): Tier {
  return tiers.indexOf(a) >= tiers.indexOf(b) ? a : b;
}

/** The tier that the flags alone ask for (spec: api, triage rules; L1.6). */
export function tierOfFlags(flags: Flags): Tier {
  if (flags.personalSafety) return 'urgent';
  return flags.mediaThreat || flags.severe ? 'serious' : 'general';
}
