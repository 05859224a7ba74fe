#include "table.h"

#include <libsmartcols/libsmartcols.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>

namespace cowork::cli {
namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t narrowest_flexible = 12;

struct Unref {
  void operator()(libscols_table* table) const noexcept { scols_unref_table(table); }
};
using TablePointer = std::unique_ptr<libscols_table, Unref>;

void check(bool succeeded) {
  if (!succeeded) throw std::bad_alloc();
}

/// What the other columns leave of the layout's width for the flexible one.
std::size_t width_left(const std::vector<Column>& columns, const std::vector<std::vector<Cell>>& rows,
                       const TableLayout& layout) {
  std::size_t taken = gap * (columns.size() - 1);
  for (std::size_t index = 0; index < columns.size(); ++index) {
    if (columns[index].flexible) continue;
    std::size_t widest = layout.titles ? display_width(columns[index].title) : 0;
    for (const auto& row : rows) widest = std::max(widest, display_width(row[index].text));
    taken += widest;
  }
  return layout.width > taken ? layout.width - taken : 0;
}

TablePointer new_table(const std::vector<Column>& columns, const TableLayout& layout) {
  TablePointer table(scols_new_table());
  check(table != nullptr);
  scols_table_set_termforce(table.get(), SCOLS_TERMFORCE_NEVER);
  // Text arrives printable; smartcols would escape what is not ASCII under LC_ALL=C.
  scols_table_enable_noencoding(table.get(), 1);
  scols_table_enable_colors(table.get(), layout.colors ? 1 : 0);
  scols_table_enable_noheadings(table.get(), layout.titles ? 0 : 1);
  scols_table_set_column_separator(table.get(), std::string(gap, ' ').c_str());
  for (const Column& column : columns) {
    // Titles would take their width even where they are not shown.
    const char* title = layout.titles ? column.title.c_str() : "";
    libscols_column* made = scols_table_new_column(table.get(), title, 0, column.right ? SCOLS_FL_RIGHT : 0);
    check(made != nullptr);
    if (layout.colors) scols_cell_set_color(scols_column_get_header(made), style_sequence(Style::bold).data());
  }
  return table;
}

void add_line(libscols_table* table, const std::vector<Cell>& row, bool colors) {
  libscols_line* line = scols_table_new_line(table, nullptr);
  check(line != nullptr);
  for (std::size_t index = 0; index < row.size(); ++index) {
    check(scols_line_set_data(line, index, row[index].text.c_str()) == 0);
    if (colors && row[index].style != Style::plain)
      scols_cell_set_color(scols_line_get_cell(line, index), style_sequence(row[index].style).data());
  }
}

std::string without_trailing_spaces(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    while (!line.empty() && line.back() == ' ') line.remove_suffix(1);
    result.append(line).append("\n");
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

}  // namespace

Table Table::fitted(const TableLayout& layout) const {
  const auto flexible =
      std::find_if(columns_.begin(), columns_.end(), [](const Column& column) { return column.flexible; });
  if (layout.width == 0 || flexible == columns_.end()) return *this;
  const std::ptrdiff_t index = flexible - columns_.begin();
  const std::size_t width = width_left(columns_, rows_, layout);
  Table result = *this;
  if (width < narrowest_flexible) result.columns_.erase(result.columns_.begin() + index);
  for (auto& row : result.rows_) {
    const auto cell = row.begin() + index;
    if (width < narrowest_flexible)
      row.erase(cell);
    else
      cell->text = cut_to_width(cell->text, width);
  }
  return result;
}

std::string Table::render(const TableLayout& layout) const {
  if (rows_.empty()) return {};
  const Table shown = fitted(layout);
  const TablePointer table = new_table(shown.columns_, layout);
  for (const auto& row : shown.rows_) add_line(table.get(), row, layout.colors);
  char* raw = nullptr;
  check(scols_print_table_to_string(table.get(), &raw) == 0);
  const std::unique_ptr<char, decltype(&std::free)> text(raw, &std::free);
  return without_trailing_spaces(text.get());
}

}  // namespace cowork::cli
