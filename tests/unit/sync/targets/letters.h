#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sync/row_hash.h"
#include "unit/sync/targets/backends.h"

namespace yimen::sync {

/// People with three open letters without a key: two of one cause, one of another.
template <typename Backend>
class LettersTest : public TargetTest<Backend> {
protected:
    void SetUp() override {
        this->prepare(this->people());
        this->begin();
        Reject reject;
        reject.origin = 7;
        reject.rule = "id_card";
        reject.field = "name";
        reject.message = "check digit";
        reject.raw = "{\"xm\":\"secret\"}";
        Reject other = reject;
        other.rule = "required";
        Reject second = reject;
        second.raw = "{\"xm\":\"other\"}";
        this->commit({}, "p", {reject, other, second});
    }
    /// A refusal of the record with that key.
    static Reject refused(std::string_view key, const std::string& rule, std::uint64_t origin = 0) {
        Reject out;
        out.rule = rule;
        out.field = "age";
        out.origin = origin;
        out.raw = "{\"nl\":\"-3\"}";
        out.key = keyHash(std::vector<std::string_view>{key});
        return out;
    }
    std::vector<DeadLetter> letters(const std::string& rule = {}) {
        return valueOf(this->shared.deadLetters->open({"ZS-01", rule}, 0, 10));
    }
};

}  // namespace yimen::sync
