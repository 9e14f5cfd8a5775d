#include "core/csv.h"

#include <algorithm>
#include <optional>

#include "core/unicode.h"

namespace yimen::core {

namespace {

constexpr std::string_view kMark = "\xef\xbb\xbf";
constexpr std::string_view kSaveAs =
    "在表格软件中另存为“CSV UTF-8”再导入 / save it as 'CSV UTF-8' in the spreadsheet program and import again";

std::size_t lineOfFirstBadByte(std::string_view text) {
    std::size_t line = 1;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        if (!isValidUtf8(text.substr(0, end)) || end == std::string_view::npos) return line;
        text.remove_prefix(end + 1);
        ++line;
    }
    return line;
}

/// Nothing, or why the bytes are not text that we read.
std::optional<CsvProblem> wrongCharset(std::string_view text) {
    if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
        return CsvProblem{1, "", "文件是 UTF-16 编码 / the file is in UTF-16", std::string(kSaveAs)};
    }
    if (!isValidUtf8(text)) {
        const bool chinese = decodeCharset(text, "GB18030").ok();
        return CsvProblem{lineOfFirstBadByte(text), "",
                          chinese ? "文件是 GBK/GB18030 编码，不是 UTF-8 / the file is in GBK or GB18030, not UTF-8"
                                  : "文件不是 UTF-8 编码 / the file is not in UTF-8",
                          std::string(kSaveAs)};
    }
    if (text.find('\0') != std::string_view::npos) {
        return CsvProblem{1, "", "文件含空字节，不是文本 / the file holds zero bytes and is no text",
                          std::string(kSaveAs)};
    }
    return std::nullopt;
}

/// Takes the text apart, one row at a time.
class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) {}

    bool done() const { return at_ >= text_.size(); }

    /// The next row; `problem` is set when a quote is out of place, and the scan goes on behind that line.
    CsvRow next(std::optional<CsvProblem>& problem) {
        CsvRow row;
        row.line = line_;
        problem.reset();
        for (;;) {
            row.cells.emplace_back();
            const bool good = !done() && text_[at_] == '"' ? quoted(row.cells.back()) : plain(row.cells.back());
            if (!good) {
                problem = CsvProblem{
                    row.line, "", "引号位置不对 / a quote is out of place",
                    "含引号的单元格须整体加引号，内部引号写两次 / quote the whole cell and double the quotes in it"};
                skipLine();
                return row;
            }
            if (done() || text_[at_] != ',') break;
            ++at_;
        }
        skipLine();
        return row;
    }

private:
    bool atLineEnd() const {
        return done() || text_[at_] == '\n' || (text_[at_] == '\r' && text_.substr(at_, 2) == "\r\n");
    }
    bool atCellEnd() const { return atLineEnd() || text_[at_] == ','; }

    bool plain(std::string& cell) {
        const std::size_t from = at_;
        while (!atCellEnd()) {
            if (text_[at_] == '"' || text_[at_] == '\r') return false;
            ++at_;
        }
        cell = text_.substr(from, at_ - from);
        return true;
    }

    bool quoted(std::string& cell) {
        ++at_;
        while (!done()) {
            const char c = text_[at_++];
            if (c == '\n') ++line_;
            if (c != '"') {
                cell.push_back(c);
            } else if (!done() && text_[at_] == '"') {
                cell.push_back('"');
                ++at_;
            } else {
                return atCellEnd();
            }
        }
        return false;  // the quote was never closed
    }

    void skipLine() {
        const std::size_t end = text_.find('\n', at_);
        at_ = end == std::string_view::npos ? text_.size() : end + 1;
        ++line_;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
};

std::string listOf(std::span<const std::string_view> columns) {
    std::string list;
    for (const std::string_view column : columns) {
        if (!list.empty()) list.push_back(',');
        list += column;
    }
    return list;
}

/// For each wanted column its place in the file; problems when the first line does not name exactly those.
std::vector<std::size_t> placesOf(const CsvRow& header, std::span<const std::string_view> columns,
                                  std::vector<CsvProblem>& problems) {
    const std::string todo = "第一行应为 / the first line should be: " + listOf(columns);
    std::vector<std::size_t> places;
    for (const std::string_view column : columns) {
        const auto found = std::find(header.cells.begin(), header.cells.end(), column);
        if (found == header.cells.end()) {
            problems.push_back({header.line, std::string(column), "缺少此列 / this column is missing", todo});
        }
        places.push_back(static_cast<std::size_t>(found - header.cells.begin()));
    }
    if (problems.empty() && header.cells.size() != columns.size()) {
        problems.push_back({header.line, "", "有多余或重复的列 / there are more columns than wanted", todo});
    }
    return places;
}

}  // namespace

CsvFile readCsv(std::string_view text, std::span<const std::string_view> columns) {
    CsvFile file;
    if (auto problem = wrongCharset(text)) {
        file.problems.push_back(std::move(*problem));
        return file;
    }
    if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
    Scanner scanner(text);
    std::optional<CsvProblem> problem;
    const CsvRow header = scanner.next(problem);
    if (problem) {
        file.problems.push_back(std::move(*problem));
        return file;
    }
    const std::vector<std::size_t> places = placesOf(header, columns, file.problems);
    if (!file.problems.empty()) return file;
    while (!scanner.done()) {
        CsvRow found = scanner.next(problem);
        if (problem) {
            file.problems.push_back(std::move(*problem));
        } else if (found.cells.size() == 1 && found.cells[0].empty()) {
            continue;
        } else if (found.cells.size() != columns.size()) {
            file.problems.push_back(
                {found.line, "",
                 "有 " + std::to_string(found.cells.size()) + " 个单元格，应为 " + std::to_string(columns.size()) +
                     " 个 / the line has " + std::to_string(found.cells.size()) + " cells instead of " +
                     std::to_string(columns.size()),
                 "补上或去掉逗号；含逗号的单元格须加引号 / add or remove commas; quote cells that hold one"});
        } else {
            CsvRow row{found.line, {}};
            for (const std::size_t place : places) row.cells.push_back(std::move(found.cells[place]));
            file.rows.push_back(std::move(row));
        }
    }
    return file;
}

}  // namespace yimen::core
