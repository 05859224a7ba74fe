#pragma once

#include <string>

namespace cowork::bench {

class Tool {
 public:
  virtual ~Tool() = default;
  virtual std::string call(const std::string& input) = 0;
};

}  // namespace cowork::bench
