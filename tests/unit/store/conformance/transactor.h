#pragma once

#include "unit/store/backend.h"

/// What every backend does. A backend instantiates it in its own test.
namespace yimen::store::test {

using core::ErrorCode;

template <typename Backend>
class TransactorConformance : public StoreTest<Backend> {};
TYPED_TEST_SUITE_P(TransactorConformance);

TYPED_TEST_P(TransactorConformance, UndoesEveryStoreTogether) {
    const auto done = this->stores.transactor->transaction([&]() -> core::Status {
        const auto person = this->person("a");
        EXPECT_TRUE(this->stores.credentials->set({person.id, "h", {}, false}, 3).ok());
        EXPECT_EQ(this->stores.people->all()->size(), 1U) << "its own thread sees its own work";
        return core::makeError(ErrorCode::kInvalidInput, "no");
    });
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().message, "no");
    EXPECT_TRUE(this->stores.people->all()->empty());
    EXPECT_TRUE(this->stores.credentials->holders()->empty());
}

TYPED_TEST_P(TransactorConformance, KeepsTheRestWhenARefusedStepIsHandled) {
    ASSERT_TRUE(this->stores.transactor
                    ->transaction([&]() -> core::Status {
                        const auto first = this->person("a");
                        PersonRecord same;
                        same.usernameKey = "a";
                        EXPECT_FALSE(this->stores.people->create(same).ok());
                        return this->stores.transactor->transaction([&] {
                            return this->stores.credentials->set({first.id, "h", {}, false}, 3);
                        });
                    })
                    .ok());
    const Stores again = this->reopened();
    EXPECT_EQ(again.people->all()->size(), 1U);
    EXPECT_EQ(again.credentials->holders()->size(), 1U);
}

TYPED_TEST_P(TransactorConformance, HidesUnfinishedWorkFromOtherThreads) {
    ASSERT_TRUE(this->stores.transactor
                    ->transaction([&]() -> core::Status {
                        this->person("a");
                        std::size_t seen = 9;
                        std::thread other([&] { seen = this->stores.people->all()->size(); });
                        other.join();
                        EXPECT_EQ(seen, 0U);
                        return {};
                    })
                    .ok());
    EXPECT_EQ(this->stores.people->all()->size(), 1U);
}

TYPED_TEST_P(TransactorConformance, RunsParallelTransactionsOneAfterAnother) {
    const auto person = this->person("a");
    together(6, [&](int) {
        for (int i = 0; i < 5; ++i) {
            EXPECT_TRUE(this->stores.transactor
                            ->transaction([&]() -> core::Status {
                                auto current = this->stores.people->get(person.id);
                                PersonRecord next = **current;
                                next.name = std::to_string(next.version);
                                const auto updated = this->stores.people->update(next);
                                if (!updated.ok()) return updated.error();
                                return {};
                            })
                            .ok());
        }
    });
    EXPECT_EQ((*this->stores.people->get(person.id))->version, 31);
}

REGISTER_TYPED_TEST_SUITE_P(TransactorConformance, UndoesEveryStoreTogether, KeepsTheRestWhenARefusedStepIsHandled,
                            HidesUnfinishedWorkFromOtherThreads, RunsParallelTransactionsOneAfterAnother);

}  // namespace yimen::store::test
