import type { pair as chinese } from '../zh/pair';

export const pair: typeof chinese = {
  pair: {
    merged: 'Both machines: {who}',
    own: 'As this machine saw it',
    ratios: 'Today’s availability: {whose}',
    asOf: ' (up to {at})',
    instead: 'The two cannot be laid together just now, this machine’s own is shown: {why}',
    there: 'the other one has this ledger ({ago}, {n} entries missing)',
    here: 'its ledger came ({ago})',
    offset: 'its clock is off by {s}',
    ago: '{n} s ago',
    never: 'never',
    choice: 'Whose books',
    view: { merged: 'Both', own: 'This one' },
    states: 'Availability and outages are of the chosen books; what is up or down now, and the counts, are what this machine sees.',
    trouble: { forked: 'a copy went another way: a backup was restored, or a ledger begun anew', clock: 'the clocks are more than a second apart: nothing is laid together until they agree', behind: 'shipping is more than a minute behind', tooMany: 'more was entered on the other one than memory is given: the oldest does not count' },
    anew: 'the copy of the other one began anew at {at}: the old one was damaged or had gone another way, and is set aside',
    differ: 'Where the two differ',
    unlaid: 'The two cannot be laid together just now, so nothing can be compared',
    agree: 'They agree, but for less than 30 s',
    goesOn: '{length} so far, and going on',
    more: '{n} more are not listed',
    proven: 'The table of a report’s period is of the chosen books; files, evidence packs, closings and the evaluation are of this machine’s ledger alone: every figure must be recomputable from one sealed ledger, and nobody seals the merged one.',
    elsewhere: 'This machine did not see this outage: acknowledge it on the other one, which has its samples too.',
  },
};
