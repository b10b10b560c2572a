/** The token of whoever sits here: in this page's memory alone, gone when it is closed. */
import { ref } from 'vue';

export const token = ref('');
