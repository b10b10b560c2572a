/** Who sits here. The cookie is the browser's affair; what changes have to repeat is in this page's memory alone. */
import { computed, readonly, shallowRef } from 'vue';
import { get, post, repeat, whenShut, type Session } from '../api/client';

const known = shallowRef<Session | null>(null);
export const session = readonly(known) as Readonly<typeof known>;

/** Whether nothing may be asked before somebody signs in, or changes a password that another one knows. */
export const isShut = (s: Session | null): boolean => s !== null && s.users && (!s.signed_in || s.must_change);
export const shut = computed(() => isShut(known.value));

/** Whether a button for this is of use: where there are no users a token decides, when it is sent. */
export const mayDo = (s: Session | null, right: string): boolean => s === null || !s.users || s.rights.includes(right);
export const may = (right: string): boolean => mayDo(known.value, right);

/** Of what is for a role alone: where there are no users, nobody has it. */
export const has = (right: string): boolean => Boolean(known.value?.users) && may(right);

function keep(s: Session): void {
  repeat(s.csrf);
  known.value = s;
}

/** Without an answer nothing is known, and the pages say why. */
export async function askSession(): Promise<void> {
  try {
    keep(await get('/api/v1/session'));
  } catch {
    /* the next question tries again */
  }
}

export const signIn = async (name: string, password: string): Promise<void> => keep(await post('/api/v1/login', { name, password }));
export const signOut = async (): Promise<void> => keep(await post('/api/v1/logout', {}));
export const changePassword = async (old: string, fresh: string): Promise<void> => keep(await post('/api/v1/password', { old, new: fresh }));
export const acceptInvitation = async (key: string, password: string): Promise<void> => keep(await post('/api/v1/invitation', { key, password }));

/** A session may end while a page is open: on another page, on the machine, by itself. */
whenShut(() => void askSession());
