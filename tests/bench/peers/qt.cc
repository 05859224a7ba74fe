// Qt's QPluginLoader: see peer_times.h.
#include <QtCore/QPluginLoader>
#include <cstdlib>

#include "peer_times.h"
#include "qt_tool.h"

namespace {

void use(const std::string& input) {
  QPluginLoader loader(PEER_PLUGIN);
  Tool* const tool = qobject_cast<Tool*>(loader.instance());
  if (tool == nullptr || tool->call(input).empty()) std::abort();
  loader.unload();
}

}  // namespace

int main(int, char** argv) {
  return cowork::bench::print_times(argv, use);
}
