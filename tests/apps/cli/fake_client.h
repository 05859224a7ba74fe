// A host that answers as a test tells it to, and command lines run against it.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "client.h"
#include "cowork/base/json_reader.h"
#include "terminal.h"

namespace cowork::cli::test {

/// JSON text as a value; aborts the test on a mistake in the text.
json::Value value(const std::string& text);

struct FakeHost {
  /// What an operation answers, in turn; the last answer stays. An operation without any is not-found.
  std::map<std::string, std::deque<Result<json::Value>>> answers;
  std::vector<std::string> warnings;                       ///< of every call
  std::vector<std::pair<std::string, std::string>> calls;  ///< operation and parameters as JSON text
  GlobalOptions options;                                   ///< that the client was made with

  FakeHost& answer(const std::string& operation, const std::string& json_text);
  FakeHost& answer(const std::string& operation, Error error);
  /// Parameters of the calls of one operation.
  std::vector<std::string> asked(const std::string& operation) const;
  ClientFactory factory();
};

struct Ran {
  int status = 0;
  std::string out;
  std::string err;
};

struct Console {
  bool terminal = false;  ///< whether all three streams are one
  std::size_t width = 80;
  std::string input = {};
  bool no_color = false;
};

Ran run(FakeHost& host, const std::vector<std::string>& arguments, const Console& console = {});

/// The document on stdout; aborts the test when it is none.
json::Value document(const Ran& ran);

}  // namespace cowork::cli::test
