// What a process says when it dies of a fault: which signal, on which thread, and where it stood.
#define _GNU_SOURCE
#include "CTransport.h"

#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static const int faults[] = {SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV};
static const size_t fault_count = sizeof faults / sizeof *faults;

static void say(const char *text) {
    ssize_t ignored = write(STDERR_FILENO, text, strlen(text));
    (void)ignored;
}

static void report(int signal_number) {
    // A log that nobody reads must not hold up the end.
    int flags = fcntl(STDERR_FILENO, F_GETFL);
    if (flags >= 0) fcntl(STDERR_FILENO, F_SETFL, flags | O_NONBLOCK);
    char thread[16] = "";
    int file = open("/proc/thread-self/comm", O_RDONLY | O_CLOEXEC);
    if (file >= 0) {
        ssize_t count = read(file, thread, sizeof thread - 1);
        if (count > 0) thread[count - 1] = 0;
        close(file);
    }
    say("parley: ended by ");
    const char *name = sigabbrev_np(signal_number);
    say(name ? name : "a signal");
    say(" on thread ");
    say(thread);
    say("; addresses for llvm-symbolizer or addr2line -e:\n");
    void *frames[64];
    backtrace_symbols_fd(frames, backtrace(frames, 64), STDERR_FILENO);
    // The handler was for one time: now the signal does what it always does.
    raise(signal_number);
}

void parley_report_faults(void) {
    void *frame;
    // The first call loads a library, which a handler must not.
    backtrace(&frame, 1);
    // On the stack of whoever fails: another would be this thread's alone, and only until it ends.
    struct sigaction action = {.sa_handler = report, .sa_flags = (int)(SA_RESETHAND | SA_NODEFER)};
    sigemptyset(&action.sa_mask);
    for (size_t index = 0; index < fault_count; index++) sigaction(faults[index], &action, NULL);
}

// clock_gettime(2), as the kernel numbers the clocks of threads: CPUCLOCK_PERTHREAD | CPUCLOCK_SCHED.
clockid_t parley_thread_clock(int thread) { return (clockid_t)(~(unsigned)thread << 3 | 6); }

int parley_thread_number(void) { return gettid(); }

void parley_block_signals(void) {
    sigset_t signals;
    sigfillset(&signals);
    for (size_t index = 0; index < fault_count; index++) sigdelset(&signals, faults[index]);
    // By which Swift's own report of a crash holds the other threads, to tell where they stand.
    sigdelset(&signals, SIGPROF);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
}
