#include <deque>
#include <map>
#include <random>

#include "unit/sync/targets/backends.h"

namespace yimen::sync {
namespace {

/// The targets against a model that is too simple to be wrong: batches of random rows, deletes, repeats and versions,
/// with the keys known in memory, unknown, or too many.
struct Model {
    struct Stored {
        std::string name;
        std::optional<int> version;
        bool operator==(const Stored&) const = default;
    };
    std::map<std::string, Stored> rows;

    static bool older(const std::optional<int>& a, const std::optional<int>& b) { return a && b && *a < *b; }

    Counters apply(const std::vector<Row>& batch, bool versioned) {
        Counters out;
        std::map<std::string, std::pair<Stored, Op>> winners;
        for (const Row& row : batch) {
            ++out.read;
            const Stored now{row.cells[1] == nullptr ? "~" : row.cells[1],
                             row.cells[2] == nullptr ? std::nullopt : std::optional<int>(std::stoi(row.cells[2]))};
            const auto found = winners.find(row.cells[0]);
            if (found != winners.end()) ++out.deduped;
            if (found != winners.end() && versioned && older(now.version, found->second.first.version)) continue;
            winners[row.cells[0]] = {now, row.op};
        }
        for (const auto& [key, winner] : winners) {
            const auto found = rows.find(key);
            const bool stale = versioned && found != rows.end() && older(winner.first.version, found->second.version);
            if (winner.second == Op::kDelete) {
                ++(found == rows.end() ? out.unchanged : stale ? out.deduped : out.deleted);
                if (found != rows.end() && !stale) rows.erase(found);
            } else if (found == rows.end()) {
                ++out.inserted;
                rows[key] = winner.first;
            } else if (found->second == winner.first) {
                ++out.unchanged;
            } else if (stale) {
                ++out.deduped;
            } else {
                ++out.updated;
                found->second = winner.first;
            }
        }
        return out;
    }
    std::string text() const {
        std::string out;
        for (const auto& [key, row] : rows) {
            out += key + "|" + row.name + "|" + (row.version ? std::to_string(*row.version) : "~") + "\n";
        }
        return out;
    }
};

template <typename Backend>
class TargetModel : public TargetTest<Backend> {
protected:
    /// Random rows; texts live as long as the object.
    std::vector<Row> randomRows(std::mt19937& random, std::size_t count, int keys) {
        std::vector<Row> out;
        const auto text = [&](int number) { return this->texts_.emplace_back(std::to_string(number)).c_str(); };
        for (std::size_t i = 0; i < count; ++i) {
            const auto number = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
            const char* key = text(number(keys));
            const char* name = number(10) == 0 ? nullptr : text(number(3));
            const char* version = number(10) == 0 ? nullptr : text(number(4));
            out.push_back({{key, name, version}, number(6) == 0 ? Op::kDelete : Op::kUpsert});
        }
        return out;
    }
    void play(bool versioned, ReadMode mode) {
        ItemTable wanted = this->people();
        if (versioned) wanted.version = 2;
        this->prepare(wanted);
        std::mt19937 random(42);
        Model model;
        Counters sum;
        this->begin(mode);
        for (int batch = 0; batch < 40; ++batch) {
            const auto rows = this->randomRows(random, batch % 7 == 0 ? 200 : 20, batch < 20 ? 40 : 400);
            const Counters expected = model.apply(rows, versioned);
            ASSERT_EQ(this->commit(rows), expected) << "batch " << batch;
            sum += expected;
            if (batch % 10 == 5) {
                ASSERT_EQ(this->stored(), model.text()) << "batch " << batch;
            }
            if (batch % 15 == 7) {  // another worker takes over, knowing nothing
                this->begin(mode);
                ASSERT_EQ(this->taken.counters, sum);
            }
        }
        EXPECT_EQ(this->stored(), model.text());
        this->finish();
        EXPECT_EQ(valueOf(this->shared.runs->find(this->run.id))->counters, sum);
    }
    std::deque<std::string> texts_;
};
TYPED_TEST_SUITE(TargetModel, Backends);

TYPED_TEST(TargetModel, AgreesWithTheKeysInMemory) {
    this->play(false, ReadMode::kFull);
}
TYPED_TEST(TargetModel, AgreesWithVersionsAndTheKeysInMemory) {
    this->play(true, ReadMode::kFull);
}
TYPED_TEST(TargetModel, AgreesWhenTheDatabaseCompares) {
    this->play(false, ReadMode::kIncremental);
}
TYPED_TEST(TargetModel, AgreesWithVersionsWhenTheDatabaseCompares) {
    this->play(true, ReadMode::kIncremental);
}
TYPED_TEST(TargetModel, AgreesWithMoreKeysThanMemoryMayHold) {
    this->maxKeys = 30;
    this->reopen();
    this->play(false, ReadMode::kFull);
}

}  // namespace
}  // namespace yimen::sync
