// Tables for people and for pipes.
#pragma once

#include <string>
#include <vector>

#include "terminal.h"

namespace cowork::cli {

struct Column {
  std::string title;
  /// Cut to what the terminal's width leaves, or left out where that is next to nothing. At most one of a table.
  bool flexible = false;
  bool right = false;  ///< numbers
};

struct Cell {
  Cell(std::string text_) : text(std::move(text_)) {}
  Cell(const char* text_) : text(text_) {}
  Cell(std::string text_, Style style_) : text(std::move(text_)), style(style_) {}

  std::string text;  ///< printable
  Style style = Style::plain;
};

struct TableLayout {
  std::size_t width = 0;  ///< columns; 0: as wide as it gets, nothing cut
  bool colors = false;
  bool titles = true;
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  /// As many cells as there are columns.
  void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
  bool empty() const noexcept { return rows_.empty(); }
  std::size_t size() const noexcept { return rows_.size(); }
  /// Lines, each with a line feed. What does not fit in the flexible column ends in an ellipsis. Errors: none; memory
  /// that runs out throws std::bad_alloc.
  std::string render(const TableLayout& layout) const;

 private:
  Table fitted(const TableLayout& layout) const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace cowork::cli
