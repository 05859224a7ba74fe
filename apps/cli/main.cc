// The `cowork` program.
#include <clocale>

#include "program.h"

int main(int argc, char** argv) {
  // Text is UTF-8 whatever the environment says: only its width on the screen is asked of the C library.
  std::setlocale(LC_CTYPE, "C.UTF-8");
  cowork::cli::Terminal terminal = cowork::cli::process_terminal();
  return cowork::cli::run({argv + 1, argv + argc}, terminal, cowork::cli::make_client);
}
