/** Asks the daemon. Paths, parameters and answers are those of its OpenAPI document (schema.d.ts, made from it by
 * `npm run types` and kept nowhere: the build needs no types, and the tests hold everything to fresh ones). */
import { saveFile } from '../logic/csv';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];
export type Session = Schemas['Session'];
export type Summary = Schemas['Summary'];
export type OpenOutage = Summary['outages'][number];
export type Line = Schemas['Line'];
export type LineDetail = Schemas['LineDetail'];
export type Outage = Schemas['Outage'];
export type OutageDetail = Schemas['OutageDetail'];
export type CheckSamples = Schemas['CheckSamples'];
export type AvailabilityRow = Schemas['AvailabilityRow'];
export type Alert = Schemas['Alert'];
export type Trap = Schemas['Trap'];
export type Annotation = Schemas['Annotation'];
export type MaintenanceWindow = Schemas['Window'];
export type Ticket = Schemas['Ticket'];
export type DutyRecord = Schemas['DutyRecord'];
export type Evaluation = Schemas['Evaluation'];
export type Indicator = Schemas['EvaluationIndicator'];
export type Ready = Schemas['Ready'];
export type Reason = Schemas['Reason'];
export type System = Schemas['System'];
export type Channel = Schemas['Channel'];
export type User = Schemas['User'];
export type Role = User['roles'][number];
export type Invited = Schemas['Invited'];
export type Audit = Schemas['Audit'];
export type RowCells = Schemas['LineCells'];
export type ChangesPreview = Schemas['ChangesPreview'] | Schemas['SiteChangesPreview'];
export type SheetPreview = Schemas['SheetPreview'];
export type InventoryApplied = Schemas['InventoryApplied'];
export type DistrictMap = Schemas['DistrictMap'];
export type RecentLine = Schemas['RecentLine'];
export type RecentSite = Schemas['RecentSite'];
export type RecentInterface = Schemas['RecentInterface'];
export type Meanwhile = Schemas['InventoryRefused'];

type Asked = { [P in keyof paths]: paths[P] extends { get: { responses: { 200: { content: { 'application/json': unknown } } } } } ? P : never }[keyof paths];
type Answer<P extends Asked> = paths[P] extends { get: { responses: { 200: { content: { 'application/json': infer A } } } } } ? A : never;
type Query<P extends Asked> = paths[P] extends { get: { parameters: { query?: infer Q } } } ? Q : never;
type Entering = { [P in keyof paths]: paths[P] extends { post: { requestBody?: { content: { 'application/json': unknown } } } } ? P : never }[keyof paths];

/** What the daemon says when it says no, in both languages. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly zh: string,
    readonly en: string,
    /** The whole answer: some say more than why. */
    readonly body = '',
  ) {
    super(`${zh} / ${en}`);
  }
}

function refusalOf(answer: Whole): Refusal {
  try {
    const { error } = JSON.parse(answer.text) as Schemas['Error'];
    return new Refusal(answer.status, error.code, error.text, error.text_en, answer.text);
  } catch {
    return new Refusal(answer.status, 'unreadable', `应答 ${answer.status}`, `answer ${answer.status}`);
  }
}

interface Whole {
  status: number;
  ok: boolean;
  text: string;
}

/** No whole answer in this time is none: the page says so instead of waiting. */
const patience = 15_000;

/** A page that lies open must not stay signed in: after a minute without a hand on it the daemon is told that nobody asks. */
const aMinute = 60_000;
let touched = Date.now();
export function watchHands(): void {
  for (const what of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart']) addEventListener(what, () => (touched = Date.now()), { passive: true });
}
/** The wall's page is there to lie open. */
const byItself = (): boolean => Date.now() - touched > aMinute && !location.hash.startsWith('#/wall');

async function fetched(url: string, init: RequestInit = {}, within = patience): Promise<Whole> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), within);
  try {
    const headers = { ...(init.headers as Record<string, string> | undefined), ...(byItself() ? { 'X-Changtong-Poll': '1' } : {}) };
    const answer = await fetch(url, { cache: 'no-store', signal: limit.signal, ...init, headers });
    return { status: answer.status, ok: answer.ok, text: await answer.text() };
  } catch {
    throw new Refusal(0, 'no_answer', '监测程序没有应答', 'the daemon does not answer');
  } finally {
    clearTimeout(timer);
  }
}

function address(path: string, query: Record<string, unknown> | undefined, id: string | undefined): string {
  const words = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(words.map(([name, value]) => [name, String(value)])).toString();
  return path.replace('{id}', encodeURIComponent(id ?? '')) + (text && `?${text}`);
}

let csrf = '';
/** What every change repeats, as proof that a page of ours sent it. */
export const repeat = (token: string): void => void (csrf = token);
let shut: () => void = () => undefined;
/** Called where an answer says that nobody is signed in. */
export const whenShut = (what: () => void): void => void (shut = what);

function taken(answer: Whole): Whole {
  if (answer.ok) return answer;
  const why = refusalOf(answer);
  if (why.code === 'not_signed_in' || why.code === 'must_change_password') shut();
  throw why;
}

export async function get<P extends Asked>(path: P, query?: Query<P>, id?: string): Promise<Answer<P>> {
  const answer = await fetched(address(path, query as Record<string, unknown> | undefined, id));
  return JSON.parse(taken(answer).text) as Answer<P>;
}

/** Whether it is ready, which is an answer also where it is 503. */
export async function ready(): Promise<Ready> {
  return JSON.parse((await fetched('/readyz')).text) as Ready;
}

/** In the name of whoever signed in, or of the token's owner. */
const proof = (token: string): Record<string, string> => (token ? { Authorization: `Bearer ${token}` } : csrf ? { 'X-CSRF-Token': csrf } : {});

async function sent(path: Entering, body: object, token: string, id?: string): Promise<Whole> {
  const headers = { 'Content-Type': 'application/json', ...proof(token) };
  return taken(await fetched(address(path, undefined, id), { method: 'POST', headers, body: JSON.stringify(body) }));
}

export async function enter(path: Entering, body: object, token: string, id?: string): Promise<void> {
  await sent(path, body, token, id);
}

type Entered<P extends Entering> = paths[P] extends { post: { responses: { 200: { content: { 'application/json': infer A } } } } } ? A : never;
/** As `enter`, of somebody who signed in, where the answer matters. */
export async function entered<P extends Entering>(path: P, body: object, id?: string): Promise<Entered<P>> {
  return JSON.parse((await sent(path, body, '', id)).text) as Entered<P>;
}

/** Lines or sites as their file has them: where it stands, one row of it, what would become of it, and that it became so. */
export type Kind = 'line' | 'site';
export type Standing = Pick<Schemas['Inventory'], 'file' | 'hash' | 'writable' | 'why' | 'why_en' | 'categories'>;
export const standing = (of: Kind): Promise<Standing> => (of === 'site' ? get('/api/v1/inventory/sites') : get('/api/v1/inventory'));
export async function rowOf(of: Kind, id: string): Promise<RowCells> {
  return of === 'site' ? (await get('/api/v1/inventory/sites/{id}', undefined, id)).site : (await get('/api/v1/inventory/lines/{id}', undefined, id)).line;
}
export async function previewChanges(of: Kind, body: object, token: string): Promise<ChangesPreview> {
  return JSON.parse((await sent(of === 'site' ? '/api/v1/inventory/sites/changes/preview' : '/api/v1/inventory/changes/preview', body, token)).text) as ChangesPreview;
}
export async function applyChanges(of: Kind, body: object, token: string): Promise<InventoryApplied> {
  return JSON.parse((await sent(of === 'site' ? '/api/v1/inventory/sites/changes' : '/api/v1/inventory/changes', body, token)).text) as InventoryApplied;
}

/** A sheet of ten thousand lines takes its time. */
const longPatience = 120_000;
async function sheetSent(path: keyof paths, sheet: Blob, query: Record<string, unknown>, token: string): Promise<Whole> {
  const headers = { 'Content-Type': 'application/octet-stream', ...proof(token) };
  return taken(await fetched(address(path, query, undefined), { method: 'POST', headers, body: sheet }, longPatience));
}
export async function previewSheet(sheet: Blob, query: { sheet?: string; close_missing?: string }, token: string): Promise<SheetPreview> {
  return JSON.parse((await sheetSent('/api/v1/inventory/sheet/preview', sheet, query, token)).text) as SheetPreview;
}
export async function applySheet(sheet: Blob, query: { sheet?: string; close_missing?: string; hash: string; confirm?: number }, token: string): Promise<InventoryApplied> {
  return JSON.parse((await sheetSent('/api/v1/inventory/sheet', sheet, query, token)).text) as InventoryApplied;
}

/** What answers who sits here. */
export async function post(path: '/api/v1/login' | '/api/v1/logout' | '/api/v1/password' | '/api/v1/invitation', body: object): Promise<Session> {
  return JSON.parse((await sent(path, body, '')).text) as Session;
}

/** A file that the daemon makes for this: that may take minutes. */
const aFile = 600_000;
export async function download(name: string): Promise<void> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), aFile);
  try {
    const answer = await fetch(`/api/v1/reports/${encodeURIComponent(name)}`, { cache: 'no-store', signal: limit.signal });
    if (!answer.ok) taken({ status: answer.status, ok: false, text: await answer.text() });
    saveFile(`changtong-${name}`, await answer.blob());
  } catch (why) {
    throw why instanceof Refusal ? why : new Refusal(0, 'no_answer', '监测程序没有应答', 'the daemon does not answer');
  } finally {
    clearTimeout(timer);
  }
}

/** Calls `told` whenever something was announced, until the stream ends or `until` is aborted. Whoever listens is no hand on the page. */
export async function listen(told: () => void, begun: () => void, until: AbortSignal): Promise<void> {
  const answer = await fetch('/api/v1/events', { cache: 'no-store', signal: until, headers: { 'X-Changtong-Poll': '1' } });
  if (!answer.ok || !answer.body) throw new Refusal(answer.status, 'no_stream', `应答 ${answer.status}`, `answer ${answer.status}`);
  begun();
  const reader = answer.body.getReader();
  const decoder = new TextDecoder();
  for (let kept = ''; ; ) {
    const { value, done } = await reader.read();
    if (done) return;
    const events = (kept + decoder.decode(value, { stream: true })).split('\n\n');
    kept = events.pop() ?? '';
    if (events.some((e) => e.startsWith('event: change'))) told();
  }
}

/** Every line and site, in pages as large as the API gives them. */
export async function allLines(kind?: 'line' | 'site'): Promise<Line[]> {
  const limit = 5_000;
  const first = await get('/api/v1/lines', { kind, limit });
  const all = first.lines;
  while (all.length < first.total) {
    const more = (await get('/api/v1/lines', { kind, limit, offset: all.length })).lines;
    if (more.length === 0) break;
    all.push(...more);
  }
  return all;
}
