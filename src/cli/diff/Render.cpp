#include "Render.h"

#include "terminal/Text.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

#include <fmt/format.h>

namespace rblnc::cli::diff {
namespace {

constexpr size_t maxMarkdown = 60'000;

/// "removed" and "added" speak of a kernel that is on one side; "failed" of one that has no figures.
std::string_view stateOf(const Row &row) {
  if (!row.fault.empty())
    return "failed";
  if (!row.after)
    return "removed";
  if (!row.before)
    return "added";
  return row.isChanged ? "changed" : "same";
}

std::string formatValue(double value, Metric metric) {
  return metric == time ? fmt::format("{:.2f}", value) : fmt::format("{:.0f}", value);
}

/// "12.30 -> 12.90 (+4.9%)", or one value where it is the same or there is only one.
std::string formatCell(const Row &row, Metric metric) {
  if (!row.before || !row.after)
    return row.before  ? formatValue((*row.before)[metric], metric)
           : row.after ? formatValue((*row.after)[metric], metric)
                       : "-";
  double before = (*row.before)[metric], after = (*row.after)[metric];
  if (before == after)
    return formatValue(after, metric);
  std::string share = before > 0 ? fmt::format(" ({:+.1f}%)", (after / before - 1) * 100) : "";
  return formatValue(before, metric) + " -> " + formatValue(after, metric) + share;
}

std::string formatNote(const Row &row) {
  std::string note;
  for (const Gate *gate : row.tripped)
    note += (note.empty() ? "over " : ", ") + gate->text;
  if (!row.fault.empty())
    return note + (note.empty() ? "" : "; ") + row.fault;
  if (!row.before || !row.after)
    return note + (note.empty() ? "" : "; ") + std::string(stateOf(row));
  return note;
}

std::vector<std::string> cells(const Row &row, const std::string &name) {
  return {name, formatCell(row, time), formatCell(row, dram), formatCell(row, scratchpad), formatNote(row)};
}

const std::vector<std::string> heading = {"kernel", "time us", "dram B", "scratchpad B", ""};

struct Counts {
  size_t kernels = 0, changed = 0, tripped = 0, failed = 0;
};

Counts count(const std::vector<Row> &rows) {
  Counts counts{rows.size()};
  for (const Row &row : rows) {
    counts.changed += row.isChanged;
    counts.tripped += !row.tripped.empty();
    counts.failed += !row.fault.empty();
  }
  return counts;
}

std::string summary(const std::vector<Row> &rows) {
  Counts counts = count(rows);
  std::string line = fmt::format("{} kernel{}: {} changed, {} over a gate", counts.kernels,
                                 counts.kernels == 1 ? "" : "s", counts.changed, counts.tripped);
  return line + (counts.failed ? fmt::format(", {} without figures", counts.failed) : "");
}

llvm::json::Value valuesJson(const Values *values) {
  if (!values)
    return nullptr;
  llvm::json::Object object;
  for (size_t i = 0; i < metrics.size(); ++i)
    object[llvm::StringRef(metrics[i].name)] = (*values)[i];
  return object;
}

llvm::json::Object rowJson(const Row &row) {
  llvm::json::Object object{{"name", llvm::json::fixUTF8(row.name)},
                            {"state", llvm::StringRef(stateOf(row))},
                            {"before", valuesJson(row.before)},
                            {"after", valuesJson(row.after)}};
  if (!row.fault.empty())
    object["fault"] = llvm::json::fixUTF8(row.fault);
  llvm::json::Array tripped, lines;
  for (const Gate *gate : row.tripped)
    tripped.push_back(gate->text);
  for (const Row &line : row.lines)
    lines.push_back(rowJson(line));
  object["tripped"] = std::move(tripped);
  if (!lines.empty())
    object["lines"] = std::move(lines);
  return object;
}

/// A cell must not end the table, nor begin markup.
std::string escaped(const std::string &text) {
  std::string result;
  for (char c : text) {
    if (c == '|' || c == '`' || c == '<' || c == '\\' || c == '*' || c == '_')
      result += '\\';
    result += c == '\n' ? ' ' : c;
  }
  return result;
}

} // namespace

std::string renderText(const std::vector<Row> &rows) {
  std::vector<std::vector<std::string>> table = {heading};
  for (const Row &row : rows) {
    if (!row.isChanged && row.tripped.empty())
      continue;
    table.push_back(cells(row, row.name));
    for (const Row &line : row.lines) {
      table.push_back(cells(line, "  " + line.name));
      table.back()[3] = "";
    }
  }
  return (table.size() > 1 ? columns(table, "lrrrl") : "") + summary(rows) + "\n";
}

std::string renderJson(const std::vector<Row> &rows) {
  llvm::json::Array kernels;
  for (const Row &row : rows)
    kernels.push_back(rowJson(row));
  Counts counts = count(rows);
  llvm::json::Object root{{"schema", 1},
                          {"kernels", std::move(kernels)},
                          {"summary", llvm::json::Object{{"kernels", static_cast<int64_t>(counts.kernels)},
                                                         {"changed", static_cast<int64_t>(counts.changed)},
                                                         {"tripped", static_cast<int64_t>(counts.tripped)},
                                                         {"failed", static_cast<int64_t>(counts.failed)}}}};
  return llvm::formatv("{0:2}\n", llvm::json::Value(std::move(root))).str();
}

std::string renderMarkdown(const std::vector<Row> &rows) {
  std::string text = "**" + summary(rows) + "**\n", table;
  size_t left = 0;
  auto add = [&](const std::vector<std::string> &row) {
    std::string line = "|";
    for (const std::string &cell : row)
      line += " " + escaped(cell) + " |";
    if (text.size() + table.size() + line.size() > maxMarkdown)
      ++left;
    else
      table += line + "\n";
  };
  for (const Row &row : rows) {
    if (!row.isChanged && row.tripped.empty())
      continue;
    if (table.empty()) {
      add({"kernel", "time us", "dram B", "scratchpad B", ""});
      table += "|---|--:|--:|--:|---|\n";
    }
    add(cells(row, row.name));
    for (const Row &line : row.lines)
      add(cells(line, "- " + line.name));
  }
  if (!table.empty())
    text += "\n" + table;
  if (left)
    text += fmt::format("\n{} more rows are left out.\n", left);
  return text;
}

} // namespace rblnc::cli::diff
