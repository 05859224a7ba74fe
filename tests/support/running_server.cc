#include "support/running_server.h"

#include <signal.h>

#include <boost/process/args.hpp>
#include <boost/process/child.hpp>
#include <boost/process/env.hpp>
#include <boost/process/environment.hpp>
#include <boost/process/exe.hpp>
#include <boost/process/io.hpp>
#include <boost/process/start_dir.hpp>
#include <chrono>
#include <thread>

#include "cowork/base/json_reader.h"

namespace cowork::test {

namespace process = boost::process;

struct RunningServer::Process {
  process::child child;
};

namespace {

process::environment variables_of(const CommandLine& cli) {
  process::environment variables;
  for (const auto& [key, value] : cli.environment()) variables[key] = value;
  return variables;
}

}  // namespace

RunningServer::RunningServer(const CommandLine& cli, const Arguments& arguments)
    : process_(std::make_unique<Process>()) {
  Arguments all{"serve", "--json", "--socket", cli.path("serve.sock")};
  all.insert(all.end(), arguments.begin(), arguments.end());
  process_->child = process::child(
      process::exe = COWORK_PROGRAM, process::args = all, variables_of(cli), process::start_dir = streams_.path(),
      process::std_in<process::null, process::std_out> streams_.path("out"), process::std_err > streams_.path("err"));
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  for (;;) {
    // What is not written whole yet is no document.
    auto document = json::parse(streams_.read("out"), "serve", json::policy_limits, ErrorCode::internal);
    if (const json::Value* described = document ? document->root.find("server") : nullptr) {
      described_ = *described;
      return;
    }
    if (!process_->child.running() || std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error("cowork serve does not listen: " + streams_.read("out") + streams_.read("err"));
    std::this_thread::yield();
  }
}

int RunningServer::stop() {
  if (process_->child.valid() && process_->child.running()) ::kill(process_->child.id(), SIGTERM);
  process_->child.wait();
  return process_->child.exit_code();
}

RunningServer::~RunningServer() {
  stop();
}

}  // namespace cowork::test
