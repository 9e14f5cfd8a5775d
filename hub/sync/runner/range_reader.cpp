#include "sync/runner/range_reader.h"

#include <charconv>
#include <utility>

#include "sync/mapping/field_spec.h"

namespace yimen::sync {

namespace {

std::optional<double> numberOf(std::string_view text) {
    double value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

bool below(std::string_view a, std::string_view b) {
    const auto x = numberOf(a);
    const auto y = numberOf(b);
    return x && y ? *x < *y : a < b;
}

class RangeReader final : public Reader {
public:
    RangeReader(std::unique_ptr<Reader> inner, std::optional<std::size_t> column, Range range)
        : inner_(std::move(inner)), column_(column), range_(std::move(range)) {}

    core::Result<ReadState> read(Batch& into) override {
        if (!column_) return inner_->read(into);
        whole_.reset(into.columns());
        YIMEN_TRY(ReadState state, inner_->read(whole_));
        for (std::size_t row = 0; row < whole_.rows(); ++row) {
            const bool null = whole_.isNull(row, *column_);
            if (!inRange(range_, null ? std::nullopt : std::optional(whole_.text(row, *column_)))) continue;
            const std::size_t to = into.addRow(whole_.op(row), whole_.origin(row));
            for (std::size_t i = 0; i < into.columns(); ++i) {
                if (whole_.isNull(row, i) || into.set(to, i, whole_.text(row, i))) continue;
                return core::makeError(core::ErrorCode::kTooLarge, "一批数据过大 / the batch is too large");
            }
        }
        return state;
    }

    void interrupt() noexcept override { inner_->interrupt(); }

private:
    std::unique_ptr<Reader> inner_;
    const std::optional<std::size_t> column_;
    const Range range_;
    Batch whole_;
};

}  // namespace

bool inRange(const Range& range, std::optional<std::string_view> cell) {
    if (!cell) return false;
    return (range.from.empty() || !below(*cell, range.from)) && (range.to.empty() || below(*cell, range.to));
}

std::string rangeColumn(const ItemSpec& item) {
    if (item.read.isMap()) {
        const auto watermark = item.read.find("watermark");
        const auto name = watermark ? watermark->text() : core::Result<std::string>(std::string());
        if (name.ok() && !name->empty()) return *name;
    }
    config::YamlErrors ignored;
    for (const auto& field : mapping::readFields(item.fields, !item.script.empty(), ignored)) {
        if (field.field.key) return field.columns.size() == 1 ? field.columns[0] : std::string();
    }
    return {};
}

std::unique_ptr<Reader> makeRangeReader(std::unique_ptr<Reader> inner, std::optional<std::size_t> column, Range range) {
    return std::make_unique<RangeReader>(std::move(inner), column, std::move(range));
}

}  // namespace yimen::sync
