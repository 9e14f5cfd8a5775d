#pragma once

#include <cstdint>
#include <string>
#include <string_view>

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

    std::string_view bytes() const noexcept { return bytes_; }
    std::size_t size() const noexcept { return bytes_.size(); }
    void clear() noexcept { bytes_.clear(); }

private:
    void number16(std::int16_t value);
    void number32(std::int32_t value);
    void numeric(std::string_view decimal);

    std::string bytes_;
};

}  // namespace yimen::sync::postgres
