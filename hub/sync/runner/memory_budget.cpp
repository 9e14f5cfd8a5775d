#include "sync/runner/memory_budget.h"

#include <algorithm>
#include <utility>

namespace yimen::sync {

MemoryBudget::Grant::Grant(Grant&& other) noexcept
    : budget_(std::exchange(other.budget_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

MemoryBudget::Grant& MemoryBudget::Grant::operator=(Grant&& other) noexcept {
    if (this != &other) {
        release();
        budget_ = std::exchange(other.budget_, nullptr);
        bytes_ = std::exchange(other.bytes_, 0);
    }
    return *this;
}

void MemoryBudget::Grant::release() noexcept {
    if (budget_ != nullptr) budget_->giveBack(bytes_);
    budget_ = nullptr;
    bytes_ = 0;
}

MemoryBudget::Grant MemoryBudget::take(std::size_t least, std::size_t wanted, std::size_t step) {
    least = std::min(least, total_);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return stopped_ || free_ >= least; });
    if (stopped_) return {};
    std::size_t bytes = least;
    while (bytes + step <= wanted && bytes + step <= free_) bytes += step;
    free_ -= bytes;
    peak_ = std::max(peak_, total_ - free_);
    return {this, bytes};
}

void MemoryBudget::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
    }
    changed_.notify_all();
}

std::size_t MemoryBudget::inUse() const {
    const std::lock_guard lock(mutex_);
    return total_ - free_;
}

std::size_t MemoryBudget::peak() const {
    const std::lock_guard lock(mutex_);
    return peak_;
}

void MemoryBudget::giveBack(std::size_t bytes) noexcept {
    {
        const std::lock_guard lock(mutex_);
        free_ += bytes;
    }
    changed_.notify_all();
}

}  // namespace yimen::sync
