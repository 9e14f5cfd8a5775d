#pragma once

#include <map>
#include <string>

#include "unit/sync/targets/backends.h"

namespace yimen::sync {

/// A source made of arithmetic, the same however often it is read: generation g has kBatches batches with new, changed,
/// equal, repeated, deleted and bad rows, and one record that the mapping refused.
class Feed {
public:
    static constexpr int kBatches = 40;
    static constexpr int kRows = 60;

    explicit Feed(int generation) : generation_(generation) {}

    Batch batch(int number) const {
        Batch out;
        out.reset(3);
        for (int i = 0; i < kRows; ++i) {
            const int id = number * 50 + i % 50;  // ten keys come twice
            const bool erase = i < 49 && (id + generation_) % 11 == 0;
            const std::size_t row = out.addRow(erase ? Op::kDelete : Op::kUpsert, origin(number, i));
            set(out, row, 0, key(id));
            set(out, row, 1, name(id, i));
            if (i == 49) set(out, row, 2, "bad");
        }
        return out;
    }
    Commit commit(const Batch& rows, int number) const {
        Commit out;
        out.rows = &rows;
        out.read = kRows + 1;
        Reject reject;
        reject.origin = origin(number, kRows);
        reject.rule = "mapping";
        reject.raw = "generation " + std::to_string(generation_) + " record " + std::to_string(reject.origin);
        out.rejected = {reject};
        out.from = std::to_string(number);
        out.after = std::to_string(number + 1);
        out.end = number + 1 == kBatches;
        out.complete = true;
        out.mapVersion = "m";
        return out;
    }
    /// The table after this generation has been read upon `before`.
    std::map<std::string, std::string> apply(std::map<std::string, std::string> before) const {
        for (int number = 0; number < kBatches; ++number) {
            for (int i = 0; i < kRows; ++i) {
                const int id = number * 50 + i % 50;
                if (i == 49) continue;
                if (i < 49 && (id + generation_) % 11 == 0) {
                    before.erase(key(id));
                } else {
                    before[key(id)] = name(id, i);
                }
            }
        }
        return before;
    }
    static std::string text(const std::map<std::string, std::string>& rows) {
        std::string out;
        for (const auto& [key, name] : rows) out += key + "|" + name + "|~\n";
        return out;
    }

private:
    static std::uint64_t origin(int number, int i) {
        return static_cast<std::uint64_t>(number) * 1000 + static_cast<std::uint64_t>(i);
    }
    static std::string key(int id) { return std::to_string(1'000'000 + id); }
    std::string name(int id, int i) const {
        return id % 3 == 0 ? "same" : "g" + std::to_string(generation_) + "-" + std::to_string(i);
    }
    static void set(Batch& batch, std::size_t row, std::size_t column, const std::string& text) {
        if (!batch.set(row, column, text)) std::abort();
    }

    int generation_;
};

}  // namespace yimen::sync
