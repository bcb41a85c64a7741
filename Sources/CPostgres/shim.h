#pragma once
#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Of the GNU extensions only this is needed. Defining _GNU_SOURCE would give fd_set another shape than Swift's own Glibc module has. */
extern int pipe2(int file_descriptors[2], int flags);

/*
 * Starts a program of the embedded server; returns its process id, or -1 with errno.
 *
 * posix_spawn cannot change the user or ask the kernel to signal the child when we die, so this is fork and exec. Between the two
 * only system calls happen: other threads of ours may have held any lock.
 *  - a process group of its own: Ctrl-C on the terminal reaches us first, and we stop the server in order;
 *  - death_signal (0: none) when the THREAD that called this ends: call it from a thread that lives as long as the child;
 *  - uid 0 changes nothing; any other drops to that user without supplementary groups;
 *  - standard input is /dev/null, output and error go to output_file, every other descriptor is closed.
 */
static inline pid_t supportmeter_spawn(
    const char *program, char *const arguments[], char *const environment[], const char *folder,
    uid_t uid, gid_t gid, int death_signal, int output_file)
{
    pid_t parent = getpid();
    int input_file = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (input_file < 0) return -1;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t child = fork();
    if (child != 0) {
        int error = errno;
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        close(input_file);
        errno = error;
        return child;
    }

    struct sigaction standard;
    memset(&standard, 0, sizeof standard);
    standard.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; number++) sigaction(number, &standard, NULL);
    setpgid(0, 0);
    if (dup2(input_file, 0) < 0 || dup2(output_file, 1) < 0 || dup2(output_file, 2) < 0) _exit(126);
    syscall(SYS_close_range, 3, ~0U, 0);
    if (uid != 0) {
        if (syscall(SYS_setgroups, 0, NULL) != 0 || syscall(SYS_setgid, gid) != 0 || syscall(SYS_setuid, uid) != 0) _exit(125);
    }
    /* After the change of user, which clears it; and the parent may have died before the kernel knew. */
    if (death_signal != 0) {
        if (prctl(PR_SET_PDEATHSIG, death_signal) != 0 || getppid() != parent) _exit(124);
    }
    if (chdir(folder) != 0) _exit(123);
    umask(077);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(program, arguments, environment);
    _exit(127);
}

/* open with its mode; the variadic one is not imported by Swift. */
static inline int supportmeter_open(const char *path, int flags, mode_t mode)
{
    return open(path, flags, mode);
}

/* Whether a C library locale exists, such as C.UTF-8. */
static inline int supportmeter_has_locale(const char *name)
{
    locale_t locale = newlocale(LC_ALL_MASK, name, (locale_t)0);
    if (locale == (locale_t)0) return 0;
    freelocale(locale);
    return 1;
}

/* How a child ended: its exit status, or minus the number of the signal that ended it. The macros of wait.h are not imported by Swift. */
static inline int supportmeter_exit_code(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}
