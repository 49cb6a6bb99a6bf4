/*
 * The first program of a guest: loads the modules that it needs to see the files of the machine that started it, takes
 * those as its root, loads the rest from there, and becomes the script named by /script. Every failure is printed, and
 * ends the guest.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What the guest calls the files of the machine (qemu's mount_tag). */
#define FILES "machine"

static void end(const char *what) {
  perror(what);
  reboot(RB_POWER_OFF);
}

/* A name without the newline; 0 at the end of the list. */
static int next(FILE *list, char *name, int size) {
  if (fgets(name, size, list) == NULL) return 0;
  name[strcspn(name, "\n")] = '\0';
  return 1;
}

static void load(FILE *list) {
  char name[4096];
  while (next(list, name, sizeof name)) {
    int file = open(name, O_RDONLY | O_CLOEXEC);
    if (file < 0 || (syscall(SYS_finit_module, file, "", 0) != 0 && errno != EEXIST)) perror(name);
    close(file);
  }
  fclose(list);
}

int main(void) {
  FILE *first = fopen("/first", "re"), *rest = fopen("/rest", "re"), *script = fopen("/script", "re");
  char name[4096];
  if (first == NULL || rest == NULL || script == NULL || !next(script, name, sizeof name)) end("lists");
  load(first);
  if (mkdir("/machine", 0755) != 0 ||
      mount(FILES, "/machine", "9p", 0, "trans=virtio,version=9p2000.L,msize=524288,cache=loose") != 0)
    end("mount");
  if (chdir("/machine") != 0 || chroot("/machine") != 0) end("chroot");
  load(rest);
  execl(name, name, (char *)NULL);
  end(name);
  return 1;
}
