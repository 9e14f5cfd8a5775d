#include "sync/targets/key_table.h"

#include <gtest/gtest.h>

#include <random>
#include <unordered_map>

namespace yimen::sync {
namespace {

TEST(KeyTable, KeepsItsMarksWhileEntriesMove) {
    std::mt19937_64 random(11);
    KeyTable table;
    std::unordered_map<std::uint64_t, bool> model;
    for (int step = 0; step < 200'000; ++step) {
        const std::uint64_t key = (random() % 3000) * 0x0003000000000001ULL;
        switch (random() % 4) {
            case 0:
                table.erase(key);
                model.erase(key);
                break;
            case 1:
                table.mark(key);
                if (model.contains(key)) model[key] = true;
                break;
            default:
                table.set(key, random());
                model.try_emplace(key, false);
        }
        if (step % 1000 == 0) {
            std::size_t unmarked = 0;
            for (const auto& [known, marked] : model) unmarked += marked ? 0 : 1;
            ASSERT_EQ(table.unmarked(), unmarked) << "after step " << step;
        }
    }
}

TEST(KeyTable, AgreesWithTheStandardMapUnderRandomUse) {
    std::mt19937_64 random(7);
    KeyTable table;
    std::unordered_map<std::uint64_t, RowHash> model;
    for (int step = 0; step < 200'000; ++step) {
        // Few upper bits, so that entries crowd and probes run around the end; key 0 is one of them.
        const std::uint64_t key = (random() % 3000) * 0x0003000000000001ULL;
        if (random() % 3 == 0) {
            table.erase(key);
            model.erase(key);
        } else {
            const RowHash hash = random();
            table.set(key, hash);
            model[key] = hash;
        }
        if (step % 1000 == 0) {
            ASSERT_EQ(table.size(), model.size());
            for (const auto& [known, hash] : model) ASSERT_EQ(table.find(known), hash);
        }
    }
    for (std::uint64_t key = 3001; key < 4000; ++key) EXPECT_FALSE(table.find(key * 0x0003000000000001ULL));
}

TEST(KeyTable, HoldsAMillionKeysInTwentyMegabytes) {
    std::mt19937_64 random(7);
    KeyTable table(1'000'000);
    for (int i = 0; i < 1'000'000; ++i) table.set(random(), 1);
    EXPECT_EQ(table.size(), 1'000'000U);
    EXPECT_LE(table.footprint(), 20'100'000U);
}

}  // namespace
}  // namespace yimen::sync
