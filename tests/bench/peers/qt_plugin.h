#pragma once

#include <QtCore/QObject>

#include "qt_tool.h"

class SlugTool : public QObject, public Tool {
  Q_OBJECT
  Q_PLUGIN_METADATA(IID "cowork.bench.Tool")
  Q_INTERFACES(Tool)

 public:
  std::string call(const std::string& input) override;
};
