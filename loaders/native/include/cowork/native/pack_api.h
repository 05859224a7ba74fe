/* The border between a host and the library of a native pack: C tables, text as pointer and length, JSON where there is
 * structure. Nothing of C++ crosses it. Authors in C++ include pack.h, which is made of this.
 *
 * A library brings one thing: a constant cowork_pack_table whose symbol's name is COWORK_PACK_TAG, in the section
 * "cowork_pack". The name says which version of this border and which C ABI the library was built for; a host reads it
 * without loading the library.
 *
 * Versions: members are only ever added at the end of a table, and who reads a table looks at struct_size first. What
 * changes the meaning of a member changes COWORK_PACK_API_VERSION, and with it the tag.
 *
 * Ownership: whoever calls owns all that it passes, and keeps it until the call comes back; the callee copies what it
 * wants to keep. What has to be handed back goes through a cowork_reply, in as many pieces as wanted. Nobody frees what
 * the other one allocated.
 *
 * Threads: after start() came back and until stop() is called, a host may call all functions of a table from any
 * threads at once. stop() is called once, when no other call is under way. The library stays loaded for the life of the
 * process.
 *
 * Text is UTF-8, not ended by a NUL; an empty one may have a null pointer. */
#ifndef COWORK_NATIVE_PACK_API_H
#define COWORK_NATIVE_PACK_API_H

#include <stddef.h>
#include <stdint.h>

#define COWORK_PACK_API_VERSION 1

#if defined(__LP64__)
#define COWORK_PACK_DATA_MODEL lp64
#elif defined(_WIN64)
#define COWORK_PACK_DATA_MODEL llp64
#elif UINTPTR_MAX == 0xffffffff
#define COWORK_PACK_DATA_MODEL ilp32
#else
#error "This header does not know the data model of this C ABI"
#endif

#if !defined(__BYTE_ORDER__) || __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define COWORK_PACK_BYTE_ORDER le
#else
#define COWORK_PACK_BYTE_ORDER be
#endif

#define COWORK_PACK_TAG_OF_INNER(version, model, order) cowork_pack_api_##version##_##model##_##order
#define COWORK_PACK_TAG_OF(version, model, order) COWORK_PACK_TAG_OF_INNER(version, model, order)
#define COWORK_PACK_TAG COWORK_PACK_TAG_OF(COWORK_PACK_API_VERSION, COWORK_PACK_DATA_MODEL, COWORK_PACK_BYTE_ORDER)
#define COWORK_PACK_SECTION "cowork_pack"

/* Stands before the definition of the table. */
#define COWORK_PACK_EXPORT __attribute__((used, section(COWORK_PACK_SECTION)))

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cowork_text {
  const char* data;
  size_t size;
} cowork_text;

/* Why something was not done. `message` is one sentence without a full stop; the others may be empty. */
typedef struct cowork_fault {
  uint32_t struct_size;
  cowork_text code; /* such as "not-found"; see call_tool and intercept */
  cowork_text message;
  cowork_text why;    /* where the rule or the fault stands */
  cowork_text remedy; /* what to try next */
} cowork_fault;

/* Where an answer goes. Valid until the call that it was given to comes back, and on its thread only. */
typedef struct cowork_reply {
  uint32_t struct_size;
  void* context; /* first argument of both functions */
  void (*append)(void* context, const char* data, size_t size);
  void (*fail)(void* context, const cowork_fault* fault); /* the last one counts */
} cowork_reply;

/* What functions of both sides come back with. Any other number means COWORK_PACK_FAULT. */
enum {
  COWORK_PACK_OK = 0,
  COWORK_PACK_REFUSED = 1, /* an error of the call: fail() said which */
  COWORK_PACK_FAULT = 2    /* something went wrong in here; fail() may have said what */
};

enum { COWORK_PACK_LOG_DEBUG = 0, COWORK_PACK_LOG_INFO = 1, COWORK_PACK_LOG_WARNING = 2, COWORK_PACK_LOG_ERROR = 3 };

/* What a pack gets. Valid from start() until stop() comes back; the functions may be called by any thread. */
typedef struct cowork_host {
  uint32_t struct_size;
  uint32_t api_version;
  void* context; /* first argument of the functions */
  cowork_text version;
  cowork_text pack;          /* the pack's name */
  cowork_text configuration; /* a JSON object: checked against configSchema, defaults filled in */
  void (*log)(void* context, int32_t level, cowork_text message);
  /* Appends the path of a directory for the pack alone, which is made (0700) when it is missing. */
  int32_t (*data_directory)(void* context, const cowork_reply* reply);
} cowork_host;

/* One run of a tool. */
typedef struct cowork_tool_call {
  uint32_t struct_size;
  void* context;
  cowork_text tool;
  cowork_text input; /* JSON; the host has not compared it with inputSchema */
  /* Not 0 once nobody waits for the answer any more. */
  int32_t (*is_cancelled)(void* context);
} cowork_tool_call;

/* An operation of the host, as interceptors see it. */
typedef struct cowork_operation {
  uint32_t struct_size;
  int32_t dry_run;
  cowork_text name;         /* such as "pluginPack:install" */
  cowork_text effect;       /* "read" or "mutate" */
  cowork_text subject_kind; /* "pack", "skill", "connector", "agent", "policy", or empty */
  cowork_text subject_id;
  cowork_text entry; /* "c++", "cli", "rpc"... */
  cowork_text actor; /* empty: the process's user */
  uint64_t id;       /* 0 for a question that is no call, such as a list's */
  uint64_t parent;   /* the call that this one is nested in; 0 for none */
  uint64_t revision; /* what revision() said when this judgement's snapshot was taken */
} cowork_operation;

/* The rest of the chain. Call it at most once, inside intercept() and on its thread. COWORK_PACK_OK: the operation
 * succeeded; otherwise `reply` (which may be null) is told the error. */
typedef struct cowork_next {
  uint32_t struct_size;
  void* context;
  int32_t (*run)(void* context, const cowork_reply* reply);
} cowork_next;

/* What a pack gives. Functions for what describe() does not name may be null. No function may throw. */
typedef struct cowork_pack_table {
  uint32_t struct_size;
  uint32_t api_version;
  /* Makes an instance. There may be several at once. `pack` becomes the first argument of all others. */
  int32_t (*start)(const cowork_host* host, void** pack, const cowork_reply* reply);
  void (*stop)(void* pack);
  /* Asked once, after start: {"tools": [{"name", "description", "inputSchema"}], "events": [type], "interceptors":
   * [name]}, each member optional. Names are made of a-z, 0-9, '-' and '_'. Interceptors are meant by their index. */
  int32_t (*describe)(void* pack, const cowork_reply* reply);
  /* Appends one JSON value. Codes of its errors: invalid-argument, not-found, io, network, timeout, cancelled,
   * conflict, already-exists, integrity; any other means internal. */
  int32_t (*call_tool)(void* pack, const cowork_tool_call* call, const cowork_reply* reply);
  /* `data` is a JSON object. Comes on the thread that caused the event: be quick. */
  int32_t (*on_event)(void* pack, cowork_text type, cowork_text data, const cowork_reply* reply);
  /* Not 0 when the interceptor wants to see this operation. Asked once for each, when the chain is put together. */
  int32_t (*applies_to)(void* pack, uint32_t interceptor, cowork_text operation, cowork_text effect);
  /* Sets a number that changes when judge() would answer otherwise. Null where judge() depends on its operation alone.
   * What is not COWORK_PACK_OK makes every judgement of this snapshot a refusal. */
  int32_t (*revision)(void* pack, uint32_t interceptor, uint64_t* revision, const cowork_reply* reply);
  /* May this happen? Without side effects and without calling the host. COWORK_PACK_REFUSED: no, and fail() says why.
   */
  int32_t (*judge)(void* pack, uint32_t interceptor, const cowork_operation* operation, const cowork_reply* reply);
  /* Around the rest of the chain. COWORK_PACK_OK: what came of next stands. COWORK_PACK_REFUSED: fail() says why; the
   * codes are those of call_tool, and policy-denied, which an empty one means. Null: goes on with next. */
  int32_t (*intercept)(void* pack, uint32_t interceptor, const cowork_operation* operation, const cowork_next* next,
                       const cowork_reply* reply);
} cowork_pack_table;

extern __attribute__((visibility("default"))) const cowork_pack_table COWORK_PACK_TAG;

#ifdef __cplusplus
}
#endif

#endif
