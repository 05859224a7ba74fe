#pragma once

#include <QtCore/QString>
#include <QtPlugin>
#include <string>

class Tool {
 public:
  virtual ~Tool() = default;
  virtual std::string call(const std::string& input) = 0;
};

Q_DECLARE_INTERFACE(Tool, "cowork.bench.Tool")
