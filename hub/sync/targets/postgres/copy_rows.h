#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "sync/batch.h"
#include "sync/schema.h"

namespace yimen::sync::postgres {

/// Rows in PostgreSQL's binary COPY format (manual, "COPY", Binary Format; numeric as in numeric_recv). Nothing is
/// escaped and the server parses nothing. Cells must have passed wrongWith(). One thread.
class CopyRows {
public:
    /// Signature and header.
    void begin();
    void row(std::size_t columns) { number16(static_cast<std::int16_t>(columns)); }
    void cell(FieldType type, const Batch& rows, std::size_t row, std::size_t column);
    void bigint(std::int64_t value);
    void integer(std::int32_t value);
    void null() { number32(-1); }
    void text(std::string_view value);
    void end() { number16(-1); }

    std::string_view bytes() const noexcept { return {memory_.data(), size_}; }
    std::size_t size() const noexcept { return size_; }
    /// Forgets the bytes, keeps the memory.
    void clear() noexcept { size_ = 0; }

private:
    void number16(std::int16_t value);
    void number32(std::int32_t value);
    void numeric(std::string_view decimal);
    /// Memory for `length` more bytes, which the caller writes at once.
    char* room(std::size_t length);

    std::vector<char> memory_;  ///< larger than what is written, so that nothing is cleared again for each row
    std::size_t size_ = 0;
};

}  // namespace yimen::sync::postgres
