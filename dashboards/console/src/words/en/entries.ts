/** English words of what people enter: windows and duty. */
import type { EntriesWords } from '../zh/entries';

export const entries: EntriesWords = {
  entry: { token: 'Personal token', tokenHint: 'from api.people of the configuration; kept in the memory of this page alone', cancel: 'Close', done: 'Recorded' },
  windows: {
    state: { requested: 'to be approved', approved: 'approved', revised: 'revised, to be approved', cancelled: 'cancelled' },
    from: 'From',
    to: 'To',
    targets: 'Of',
    requested: 'Requested by',
    approved: 'Approved by',
    excluded: 'Excluded',
    text: 'Why',
    none: 'No window this year',
    late: 'approved too late',
    short: 'too short notice',
    overrun: 'overran by {n}',
    at: 'State',
    act: 'Do',
    below: 'with all lines below them',
    targetsHint: 'ids of lines or websites; * for all',
    do: { request: 'Request', approve: 'Approve', revise: 'Revise', cancel: 'Cancel window' },
    means: {
      request: "Goes into the ledger; a second person's approval takes its time out of the books. Times are of the ledger's zone.",
      approve: 'By somebody else than who asked; goes into the ledger.',
      revise: 'Needs a new approval; leave what it is of as it is unless that changes.',
      cancel: 'One that has not begun is cancelled, one that lasts ends now; goes into the ledger.',
    },
  },
  duty: { day: 'Day', person: 'On duty', source: 'Source', author: 'Entered by', text: 'Text', none: 'No duty record this year', late: 'entered late', today: 'today', withdrawn: 'taken back', act: 'Do', personHint: "left out: the token's name", do: { add: 'Enter', withdraw: 'Take back' }, means: { add: 'Goes into the ledger; a day to come is the roster by which alerts find somebody.', withdraw: 'Takes the roster of a day that has not begun back; goes into the ledger.' } },
};
