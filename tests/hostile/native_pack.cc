// A native pack that does harm: in its constructor what CONSTRUCTOR says, in its tools what they are called.
// Built by the cases themselves (native_packs.py), against the C header alone.
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "cowork/native/pack_api.h"

#define ABORTS 1
#define HANGS 2
#define THROWS 3
#define CRASHES 4
#define LEAVES 5

namespace {

volatile int* const nowhere = nullptr;
constexpr int most_leaked_mib = 1600;  // more than a pack may have

/// Leaves a line where COWORK_TEST_CANARY says: the code of the library has run.
struct Constructor {
  Constructor() {
    if (const char* path = std::getenv("COWORK_TEST_CANARY")) {
      const int file = ::open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
      static_cast<void>(!::write(file, "sung\n", 5));
      ::close(file);
    }
    if (CONSTRUCTOR == ABORTS) std::abort();
    if (CONSTRUCTOR == HANGS) {
      for (;;) ::pause();
    }
    if (CONSTRUCTOR == THROWS) throw 7;
    if (CONSTRUCTOR == CRASHES) *nowhere = 1;
    if (CONSTRUCTOR == LEAVES) ::_exit(0);
  }
} constructor;

bool is(cowork_text text, const char* name) {
  return text.size == std::strlen(name) && std::memcmp(text.data, name, text.size) == 0;
}

void* run_for_ever(void*) {
  for (;;) ::usleep(1000);
  return nullptr;
}

void answer(const cowork_reply* reply, long number) {
  char text[32];
  reply->append(reply->context, text, static_cast<size_t>(std::snprintf(text, sizeof text, "%ld", number)));
}

long opened_until_refused() {
  long count = 0;
  while (count < 100'000 && ::open("/dev/null", O_RDONLY) >= 0) ++count;
  return count;
}

/// The path that a tool gets: its input without quotation marks.
struct Path {
  explicit Path(cowork_text input) {
    std::snprintf(text, sizeof text, "%.*s", static_cast<int>(input.size) - 2, input.data + 1);
  }
  char text[4096];
};

/// 0, or what refused it.
long fault_of(const cowork_tool_call* call) {
  const Path path(call->input);
  long result = 0;
  if (is(call->tool, "write")) result = ::open(path.text, O_WRONLY | O_CREAT, 0600);
  if (is(call->tool, "read")) result = ::open(path.text, O_RDONLY);
  if (is(call->tool, "exec")) result = ::execl("/bin/touch", "touch", path.text, static_cast<char*>(nullptr));
  if (is(call->tool, "fork")) {
    result = ::fork();
    if (result == 0) run_for_ever(nullptr);
  }
  if (is(call->tool, "kill-host")) result = ::kill(::getppid(), SIGKILL);
  if (is(call->tool, "socket")) result = ::socket(AF_INET, SOCK_STREAM, 0);
  return result < 0 ? errno : 0;
}

int32_t call_tool(void*, const cowork_tool_call* call, const cowork_reply* reply) {
  if (is(call->tool, "crash")) *nowhere = 1;
  if (is(call->tool, "abort")) std::abort();
  if (is(call->tool, "leave")) ::_exit(0);
  if (is(call->tool, "hang")) run_for_ever(nullptr);
  if (is(call->tool, "spin")) {
    for (volatile long i = 0;; i = i + 1) {
    }
  }
  while (is(call->tool, "flood")) reply->append(reply->context, "          ", 10);
  for (int i = 0; i < most_leaked_mib && is(call->tool, "leak"); ++i) std::memset(std::malloc(1 << 20), 1, 1 << 20);
  if (is(call->tool, "thread")) {
    pthread_t thread;
    ::pthread_create(&thread, nullptr, run_for_ever, nullptr);
    ::pthread_detach(thread);
  }
  if (is(call->tool, "print")) {
    for (int i = 0; i < 100'000; ++i) static_cast<void>(!::write(i % 2 + 1, "rubbish\n", 8));
  }
  if (is(call->tool, "wait")) {
    const int begun = ::open(Path(call->input).text, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (begun >= 0) ::close(begun);
    while (call->is_cancelled(call->context) == 0) ::usleep(1000);
  }
  if (is(call->tool, "nonsense")) {
    reply->append(reply->context, "{]", 2);
    return COWORK_PACK_OK;
  }
  if (is(call->tool, "descriptors")) {
    answer(reply, opened_until_refused());
    return COWORK_PACK_OK;
  }
  answer(reply, fault_of(call));
  return COWORK_PACK_OK;
}

int32_t start(const cowork_host*, void**, const cowork_reply*) {
  return COWORK_PACK_OK;
}

void stop(void*) {}

int32_t describe(void*, const cowork_reply* reply) {
  const char* const names[] = {"echo", "crash",  "abort", "leave",     "hang",     "spin",        "flood",
                               "leak", "thread", "print", "wait",      "nonsense", "descriptors", "write",
                               "read", "exec",   "fork",  "kill-host", "socket"};
  const char* before = R"({"tools": [)";
  for (const char* name : names) {
    char text[128];
    const int size =
        std::snprintf(text, sizeof text, R"(%s{"name": "%s", "description": "d", "inputSchema": {}})", before, name);
    reply->append(reply->context, text, static_cast<size_t>(size));
    before = ", ";
  }
  reply->append(reply->context, "]}", 2);
  return COWORK_PACK_OK;
}

}  // namespace

extern "C" COWORK_PACK_EXPORT const cowork_pack_table COWORK_PACK_TAG = {sizeof(cowork_pack_table),
                                                                         COWORK_PACK_API_VERSION,
                                                                         &start,
                                                                         &stop,
                                                                         &describe,
                                                                         &call_tool,
                                                                         nullptr,
                                                                         nullptr,
                                                                         nullptr,
                                                                         nullptr,
                                                                         nullptr};
