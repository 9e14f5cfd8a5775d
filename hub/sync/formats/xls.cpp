#include <freexl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>

#include "core/file.h"
#include "core/unicode.h"
#include "sync/formats/isolated.h"
#include "sync/formats/workbook.h"

/// .xls (BIFF in an OLE container), through libfreexl.
namespace yimen::sync {

namespace {

using core::Result;

/// An open workbook of libfreexl, which wants a file name: the bytes stand in a file without a name in memory.
class XlsFile {
public:
    XlsFile() = default;
    ~XlsFile() {
        if (handle_ != nullptr) freexl_close(handle_);
    }
    XlsFile(const XlsFile&) = delete;
    XlsFile& operator=(const XlsFile&) = delete;

    core::Status open(std::string_view bytes, const std::string& document) {
        memory_ = core::FileDescriptor(::memfd_create("workbook", MFD_CLOEXEC));
        if (!memory_.valid()) return core::fileError("create", "workbook", errno);
        YIMEN_TRY_STATUS(core::writeAll(memory_.get(), bytes));
        const std::string path = "/proc/self/fd/" + std::to_string(memory_.get());
        const int code = freexl_open(path.c_str(), &handle_);
        if (code == FREEXL_OK) return {};
        return documentError(document, 0,
                             "the workbook cannot be read (libfreexl: error " + std::to_string(code) +
                                 "): cut off, or with a password?");
    }
    const void* get() const noexcept { return handle_; }

private:
    core::FileDescriptor memory_;
    const void* handle_ = nullptr;
};

core::Status selectSheet(const XlsFile& file, const WorkbookRequest& request) {
    unsigned int count = 0;
    freexl_get_info(file.get(), FREEXL_BIFF_SHEET_COUNT, &count);
    std::string names;
    for (unsigned int i = 0; i < count && i < 0xFFFF; ++i) {
        const char* name = nullptr;
        const auto number = static_cast<unsigned short>(i);
        if (freexl_get_worksheet_name(file.get(), number, &name) != FREEXL_OK || name == nullptr) continue;
        names += (names.empty() ? "" : ", ") + std::string(name);
        if (!request.sheet.empty() && request.sheet != name) continue;
        if (freexl_select_active_worksheet(file.get(), number) == FREEXL_OK) return {};
    }
    return documentError(request.document, 0, "the workbook has no sheet \"" + request.sheet + "\"; it has: " + names);
}

std::string numberText(double value) {
    std::array<char, 40> text{};
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() ? std::string(text.data(), end) : std::string();
}

void addCell(Grid& grid, std::uint32_t column, const FreeXL_CellValue& cell) {
    switch (cell.type) {
        case FREEXL_CELL_INT:
            return grid.addCell(column, std::to_string(cell.value.int_value));
        case FREEXL_CELL_DOUBLE:
            return grid.addCell(column, numberText(cell.value.double_value));
        case FREEXL_CELL_TEXT:
        case FREEXL_CELL_SST_TEXT:
        case FREEXL_CELL_DATE:
        case FREEXL_CELL_DATETIME:
        case FREEXL_CELL_TIME: {
            const std::string_view text = cell.value.text_value == nullptr ? std::string_view() : cell.value.text_value;
            if (!core::isValidUtf8(text)) grid.rows.back().fault = "a cell is not text";
            return grid.addCell(column, text);
        }
        default:
            return;
    }
}

Result<Grid> readHere(std::string_view bytes, const WorkbookRequest& request) {
    XlsFile file;
    YIMEN_TRY_STATUS(file.open(bytes, request.document));
    YIMEN_TRY_STATUS(selectSheet(file, request));
    unsigned int rows = 0;
    unsigned short columns = 0;
    if (freexl_worksheet_dimensions(file.get(), &rows, &columns) != FREEXL_OK || rows > 65'536 || columns > 256) {
        return documentError(request.document, 0, "the size of the sheet is not understood");
    }
    Grid grid;
    for (unsigned int row = 0; row < rows; ++row) {
        grid.addRow(std::uint64_t{row} + 1);
        for (unsigned short column = 0; column < columns; ++column) {
            FreeXL_CellValue cell{};
            if (freexl_get_cell_value(file.get(), row, column, &cell) == FREEXL_OK) addCell(grid, column, cell);
        }
        if (grid.arena.size() > request.maxBytes) {
            return core::makeError(core::ErrorCode::kTooLarge,
                                   request.document + ": the sheet is larger than max_document");
        }
    }
    return grid;
}

/// The grid as one text, for the way between two processes of this program.
std::string packed(const Grid& grid) {
    std::string out;
    const auto put = [&](std::uint64_t number) {
        for (unsigned i = 0; i < 8; ++i) out += static_cast<char>(number >> (8 * i) & 0xFFU);
    };
    put(grid.rows.size());
    for (const Grid::Row& row : grid.rows) {
        put(row.number);
        put(row.fault.size());
        out += row.fault;
        put(row.count);
        for (std::size_t i = row.first; i < row.first + row.count; ++i) {
            put(grid.cells[i].column);
            put(grid.cells[i].length);
            out += grid.text(grid.cells[i]);
        }
    }
    return out;
}

/// Reads packed() back; a text that ends too early is an error.
class Unpacker {
public:
    explicit Unpacker(std::string_view text) : left_(text) {}
    std::uint64_t number() {
        std::uint64_t value = 0;
        const std::string_view bytes = text(8);
        for (std::size_t i = 0; i < bytes.size(); ++i)
            value |= std::uint64_t{static_cast<std::uint8_t>(bytes[i])} << (8 * i);
        return value;
    }
    std::string_view text(std::uint64_t length) {
        bad = bad || length > left_.size();
        const std::string_view part = left_.substr(0, bad ? 0 : length);
        left_.remove_prefix(part.size());
        return part;
    }
    bool bad = false;

private:
    std::string_view left_;
};

Result<Grid> unpacked(std::string_view text, const std::string& document) {
    Grid grid;
    Unpacker from(text);
    for (std::uint64_t rows = from.number(); rows > 0 && !from.bad; --rows) {
        grid.addRow(from.number());
        grid.rows.back().fault = from.text(from.number());
        for (std::uint64_t cells = from.number(); cells > 0 && !from.bad; --cells) {
            const std::uint64_t column = from.number();
            const std::uint64_t length = from.number();
            grid.addCell(static_cast<std::uint32_t>(column), from.text(length));
        }
    }
    if (from.bad) return documentError(document, 0, "the reader of the workbook gave half an answer");
    return grid;
}

}  // namespace

Result<Grid> readXls(std::string_view bytes, const WorkbookRequest& request) {
    // libfreexl trusts what it reads (2018-2023: a dozen ways to bring it down): it works in a process of its own.
    auto answer = runIsolated([&] {
        const auto grid = readHere(bytes, request);
        return grid.ok() ? "+" + packed(*grid) : "-" + grid.error().message;
    });
    if (!answer.ok()) {
        return core::makeError(answer.error().code, request.document + ": " + answer.error().message,
                               answer.error().detail);
    }
    if (!answer->starts_with('+')) return core::makeError(core::ErrorCode::kUpstream, answer->substr(1));
    return unpacked(std::string_view(*answer).substr(1), request.document);
}

}  // namespace yimen::sync
