// How an operation looks in JSON: read its parameters, write its reply. Kept apart from the operation itself.
#pragma once

#include <functional>
#include <string>

#include "cowork/base/json.h"
#include "cowork/operation/description.h"
#include "cowork/operation/operation.h"

namespace cowork {

template <Operation Op>
struct Codec {
  /// Errors: invalid-argument, naming the member.
  std::function<Result<Op>(const json::Value& params)> read = {};
  std::function<json::Value(const typename Op::Reply& reply)> write = {};
  OperationDescription description = {};
  /// Appends the text of what `write` makes, without making the value; may be empty.
  std::function<void(const typename Op::Reply& reply, std::string& text)> append = {};
};

}  // namespace cowork
