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

/// The width of the flexible column, or 0 where nothing needs to be cut.
std::size_t flexible_width(const std::vector<Column>& columns, const std::vector<std::vector<Cell>>& rows,
                           const TableLayout& layout) {
  if (layout.width == 0) return 0;
  std::size_t fixed = gap * (columns.size() - 1);
  bool any = false;
  for (std::size_t index = 0; index < columns.size(); ++index) {
    if (columns[index].flexible) {
      any = true;
      continue;
    }
    std::size_t widest = layout.titles ? display_width(columns[index].title) : 0;
    for (const auto& row : rows) widest = std::max(widest, display_width(row[index].text));
    fixed += widest;
  }
  if (!any) return 0;
  return layout.width > fixed + narrowest_flexible ? layout.width - fixed : narrowest_flexible;
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
    libscols_column* made =
        scols_table_new_column(table.get(), column.title.c_str(), 0, column.right ? SCOLS_FL_RIGHT : 0);
    check(made != nullptr);
    if (layout.colors) scols_cell_set_color(scols_column_get_header(made), style_sequence(Style::bold).data());
  }
  return table;
}

void add_line(libscols_table* table, const std::vector<Column>& columns, const std::vector<Cell>& row,
              std::size_t flexible, bool colors) {
  libscols_line* line = scols_table_new_line(table, nullptr);
  check(line != nullptr);
  for (std::size_t index = 0; index < columns.size(); ++index) {
    const bool cut = columns[index].flexible && flexible > 0;
    const std::string text = cut ? cut_to_width(row[index].text, flexible) : row[index].text;
    check(scols_line_set_data(line, index, text.c_str()) == 0);
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

std::string Table::render(const TableLayout& layout) const {
  if (rows_.empty()) return {};
  const std::size_t flexible = flexible_width(columns_, rows_, layout);
  const TablePointer table = new_table(columns_, layout);
  for (const auto& row : rows_) add_line(table.get(), columns_, row, flexible, layout.colors);
  char* raw = nullptr;
  check(scols_print_table_to_string(table.get(), &raw) == 0);
  const std::unique_ptr<char, decltype(&std::free)> text(raw, &std::free);
  return without_trailing_spaces(text.get());
}

}  // namespace cowork::cli
