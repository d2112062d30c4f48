/** Entry point of the kernel module; every thread instantiates it over the same imported memory, so it has no data of its own. */
export { fail, help, run } from './team';
