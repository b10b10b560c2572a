/* A disk that hangs without an error: while the file HANG_WHILE is there, no sync returns. Preloaded into the daemon. */
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static void wait_here(void) {
  const char* file = getenv("HANG_WHILE");
  while (file != NULL && access(file, F_OK) == 0) usleep(20000);
}

int fsync(int fd) {
  wait_here();
  return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd) {
  wait_here();
  return (int)syscall(SYS_fdatasync, fd);
}
