// What only a broker with transactions can show: kafka_broker.py, a simulation that this test starts. Records and
// positions that appear together or not at all, fencing, kill -9 of the writer, answers that get lost, passwords.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <random>
#include <set>
#include <thread>

#include "plugins/real/sink_host.h"

namespace {

using ::testing::HasSubstr;
using yimen::harness::Answer;
using yimen::harness::PluginError;
using yimen::harness::Source;
using yimen::test::Given;
using yimen::test::SinkHost;

std::string self;  ///< this program, which is its own writer

/// A simulated broker in a process of its own.
class Broker {
public:
    explicit Broker(std::vector<std::string> options = {}) {
        int ends[2] = {-1, -1};
        if (::pipe(ends) != 0) throw std::runtime_error("pipe");
        options.insert(options.begin(), {"python3", YIMEN_KAFKA_BROKER, "--topic", "t:1"});
        std::vector<char*> words;
        for (std::string& one : options) words.push_back(one.data());
        words.push_back(nullptr);
        pid_ = ::fork();
        if (pid_ == 0) {
            ::dup2(ends[1], STDOUT_FILENO);
            ::close(ends[0]);
            ::execvp(words[0], words.data());
            ::_exit(127);
        }
        ::close(ends[1]);
        char digit = 0;
        while (::read(ends[0], &digit, 1) == 1 && digit != '\n') port += digit;
        ::close(ends[0]);
    }
    Broker(const Broker&) = delete;
    Broker& operator=(const Broker&) = delete;
    ~Broker() {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    std::string port;

private:
    pid_t pid_ = -1;
};

constexpr const char* kItem = R"({"code":"I","table":"t","fields":[{"name":"id","type":"integer","key":true}]})";

std::string sinkConfig(const std::string& port, const std::string& more = {}) {
    return R"({"sink":{"brokers":["127.0.0.1:)" + port + R"("],"tls":"off","topic":"t","timeout":15000)" + more + "}}";
}
std::string sourceConfig(const std::string& port, const std::string& more = {}) {
    return R"({"source":{"brokers":["127.0.0.1:)" + port + R"("],"tls":"off","timeout":5000)" + more +
           R"(},"read":{"topic":"t","columns":["id"],"key":["id"],"follow":0}})";
}

/// What a reader sees: committed records alone, in batches of a few rows.
std::vector<int> seen(const std::string& port) {
    Source source(YIMEN_KAFKA_PLUGIN, sourceConfig(port));
    std::string position;
    std::vector<int> out;
    for (const auto& row : source.all(YIMEN_MODE_FULL, position, 7)) out.push_back(std::stoi(*row[0]));
    return out;
}

std::vector<Given> numbers(int from, int to) {
    std::vector<Given> out;
    for (int i = from; i < to; ++i) out.push_back({{std::to_string(i)}, false, static_cast<std::uint64_t>(i)});
    return out;
}

int codeOf(const std::function<void()>& call, std::string& words) {
    try {
        call();
    } catch (const PluginError& error) {
        words = error.what();
        return error.code;
    }
    return YIMEN_OK;
}

/// Writes the numbers up to `total` from where the sink stands, in batches of random size, some of them in vain.
int writeAll(const std::string& port, int total, unsigned seed, const std::string& more) {
    std::mt19937 random(seed);
    const auto below = [&random](int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random); };
    SinkHost sink(YIMEN_KAFKA_SINK_PLUGIN, sinkConfig(port, more));
    for (int failures = 0; failures < 50;) {
        try {
            const std::string position = sink.begin(kItem);
            int at = position.empty() ? 0 : std::stoi(position);
            while (at < total) {
                const int next = std::min(total, at + 1 + below(9));
                const int middle = at + below(next - at + 1);
                sink.write(numbers(at, middle));
                sink.write(numbers(middle, next));
                if (below(5) == 0) {  // never mind: an abort
                    sink.begin(kItem);
                    continue;
                }
                sink.commit(std::to_string(next));
                at = next;
            }
            return 0;
        } catch (const PluginError& error) {
            ++failures;
        }
    }
    return 1;
}

pid_t startWriter(const std::string& port, int total, unsigned seed, const std::string& more) {
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::execl(self.c_str(), self.c_str(), "--writer", port.c_str(), std::to_string(total).c_str(),
                std::to_string(seed).c_str(), more.c_str(), nullptr);
        ::_exit(127);
    }
    return pid;
}

/// Kills the writer at random moments until one gets to the end. True when it did.
bool writeUnderFire(const std::string& port, int total, unsigned seed, const std::string& more, int& kills) {
    std::mt19937 random(seed);
    for (unsigned round = 0; round < 200; ++round) {
        const pid_t pid = startWriter(port, total, seed * 1000 + round, more);
        const auto until =
            std::chrono::steady_clock::now() + std::chrono::milliseconds(round < 12 ? 150 + random() % 400 : 60'000);
        int status = 0;
        while (::waitpid(pid, &status, WNOHANG) == 0) {
            if (std::chrono::steady_clock::now() >= until) {
                ::kill(pid, SIGKILL);
                ::waitpid(pid, &status, 0);
                break;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
        if (WIFEXITED(status)) return WEXITSTATUS(status) == 0;
        ++kills;
    }
    return false;
}

TEST(KafkaTransactions, ShowRecordsAndPositionTogetherOrNotAtAll) {
    const Broker broker;
    {
        SinkHost sink(YIMEN_KAFKA_SINK_PLUGIN, sinkConfig(broker.port));
        EXPECT_EQ(sink.begin(kItem), "");
        sink.write(numbers(0, 3));
        EXPECT_TRUE(seen(broker.port).empty());
        sink.commit("3");
        sink.write(numbers(3, 5));
    }  // closed without a commit: aborted
    EXPECT_THAT(seen(broker.port), ::testing::ElementsAre(0, 1, 2));
    SinkHost again(YIMEN_KAFKA_SINK_PLUGIN, sinkConfig(broker.port));
    EXPECT_EQ(again.begin(kItem), "3");
    again.write(numbers(3, 4));
    again.commit("4");
    EXPECT_THAT(seen(broker.port), ::testing::ElementsAre(0, 1, 2, 3));
}

TEST(KafkaTransactions, EndTheWriterThatWasTakenOverFrom) {
    const Broker broker;
    SinkHost zombie(YIMEN_KAFKA_SINK_PLUGIN, sinkConfig(broker.port));
    zombie.begin(kItem);
    zombie.write(numbers(0, 2));
    SinkHost heir(YIMEN_KAFKA_SINK_PLUGIN, sinkConfig(broker.port));
    EXPECT_EQ(heir.begin(kItem), "");
    heir.write(numbers(0, 1));
    heir.commit("1");
    std::string words;
    EXPECT_EQ(codeOf([&] { zombie.commit("2"); }, words), YIMEN_CONFLICT) << words;
    EXPECT_THAT(words, HasSubstr("another hub"));
    heir.write(numbers(1, 2));
    heir.commit("2");
    EXPECT_THAT(seen(broker.port), ::testing::ElementsAre(0, 1));
    EXPECT_EQ(heir.begin(kItem), "2");
}

TEST(KafkaTransactions, AreExactlyOnceWhateverIsKilled) {
    constexpr int kTotal = 1000;
    for (const unsigned seed : {1U, 2U, 3U}) {
        const Broker broker({"--delay", "0.01", "--seed", std::to_string(seed)});
        int kills = 0;
        ASSERT_TRUE(writeUnderFire(broker.port, kTotal, seed, "", kills)) << seed;
        EXPECT_GT(kills, 3);
        const std::vector<int> found = seen(broker.port);
        ASSERT_EQ(found.size(), static_cast<std::size_t>(kTotal)) << "seed " << seed << ", " << kills << " kills";
        for (int i = 0; i < kTotal; ++i) ASSERT_EQ(found[static_cast<std::size_t>(i)], i) << seed;
    }
}

TEST(KafkaTransactions, AreExactlyOnceWhenAnswersGetLost) {
    constexpr int kTotal = 60;
    for (const unsigned seed : {4U, 5U}) {
        const Broker broker({"--drop", "0.05", "--seed", std::to_string(seed)});
        ASSERT_EQ(writeAll(broker.port, kTotal, seed, ""), 0);
        const std::vector<int> found = seen(broker.port);
        ASSERT_EQ(found.size(), static_cast<std::size_t>(kTotal)) << "seed " << seed;
        for (int i = 0; i < kTotal; ++i) ASSERT_EQ(found[static_cast<std::size_t>(i)], i) << seed;
    }
}

TEST(KafkaWithoutTransactions, LosesNothingAndMayDouble) {
    constexpr int kTotal = 2000;
    const Broker broker({"--delay", "0.01"});
    int kills = 0;
    ASSERT_TRUE(writeUnderFire(broker.port, kTotal, 6, ",\"transactions\":false", kills));
    EXPECT_GT(kills, 3);
    const std::vector<int> found = seen(broker.port);
    EXPECT_EQ(std::set<int>(found.begin(), found.end()).size(), static_cast<std::size_t>(kTotal));
    // The same test without transactions must see what they prevent, else it proves nothing of them.
    EXPECT_GT(found.size(), static_cast<std::size_t>(kTotal));
}

TEST(KafkaPassword, IsAcceptedOrRefusedAtOnce) {
    const Broker broker({"--user", "yimen:right-word"});
    const std::string sasl = R"(,"sasl":"plain","user":"yimen")";
    const auto begin = std::chrono::steady_clock::now();
    Source wrong(YIMEN_KAFKA_PLUGIN, sourceConfig(broker.port, sasl), {{"source.password", "wrong-word"}});
    std::string words;
    EXPECT_EQ(codeOf([&] { wrong.partitions(); }, words), YIMEN_UNAUTHENTICATED) << words;
    EXPECT_THAT(words, HasSubstr("check user, password"));
    EXPECT_THAT(words, ::testing::Not(HasSubstr("wrong-word")));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(4));
    Source right(YIMEN_KAFKA_PLUGIN, sourceConfig(broker.port, sasl), {{"source.password", "right-word"}});
    EXPECT_EQ(right.partitions().size(), 1U);
    SinkHost sink(YIMEN_KAFKA_SINK_PLUGIN, sinkConfig(broker.port, sasl), {{"sink.password", "right-word"}});
    EXPECT_EQ(sink.begin(kItem), "");
    Source scram(YIMEN_KAFKA_PLUGIN, sourceConfig(broker.port, R"(,"sasl":"scram-sha-256","user":"yimen")"),
                 {{"source.password", "right-word"}});
    EXPECT_EQ(codeOf([&] { scram.partitions(); }, words), YIMEN_UNAUTHENTICATED) << words;
}

TEST(KafkaTopic, ThatIsNotThereIsNotFound) {
    const Broker broker;
    Source source(YIMEN_KAFKA_PLUGIN, R"({"source":{"brokers":["127.0.0.1:)" + broker.port +
                                          R"("],"tls":"off","timeout":5000},"read":{"topic":"x","columns":["id"]}})");
    std::string words;
    EXPECT_EQ(codeOf([&] { source.partitions(); }, words), YIMEN_NOT_FOUND) << words;
    EXPECT_THAT(words, HasSubstr("topic x"));
}

}  // namespace

int main(int count, char** words) {
    self = std::filesystem::canonical("/proc/self/exe").string();
    if (count == 6 && std::string(words[1]) == "--writer") {
        return writeAll(words[2], std::stoi(words[3]), static_cast<unsigned>(std::stoul(words[4])), words[5]);
    }
    ::testing::InitGoogleMock(&count, words);
    return RUN_ALL_TESTS();
}
