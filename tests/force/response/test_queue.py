"""The ladder's queue: equal to SimPy on the same draws, and never later for more servers."""

from __future__ import annotations

import heapq

import numpy as np
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.types.errors import InputError
from truceline.force.response.queue import completions


def in_simpy(arrivals, work, hold, servers):
    """The same network as a discrete-event model: the k-th start takes the k-th draw."""
    env = simpy.Environment()
    desks = [simpy.Resource(env, capacity=count) for count in servers]
    started = [0] * len(servers)
    done = np.empty(work.shape)

    def give_back(desk, request, hours):
        yield env.timeout(hours)
        desk.release(request)

    def case(number, hour):
        yield env.timeout(hour)
        for step, desk in enumerate(desks):
            request = desk.request()
            yield request
            row = started[step]
            started[step] += 1
            yield env.timeout(work[row, step])
            done[number, step] = env.now
            env.process(give_back(desk, request, hold[row, step]))

    for number, hour in enumerate(arrivals):
        env.process(case(number, hour))
    env.run()
    return done


def draws(seed, cases, steps, rate=0.5):
    rng = np.random.default_rng(seed)
    arrivals = np.cumsum(rng.exponential(1 / rate, cases))
    work = rng.gamma(2.0, 1.5, (cases, steps))
    hold = rng.exponential(0.7, (cases, steps))
    return arrivals, work, hold


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    cases=st.integers(1, 120),
    servers=st.lists(st.integers(1, 5), min_size=1, max_size=4),
)
def test_equal_to_simpy_on_the_same_draws(seed, cases, servers):
    arrivals, work, hold = draws(seed, cases, len(servers))
    ours = completions(arrivals, work, hold, tuple(servers))
    theirs = in_simpy(arrivals, work, hold, servers)
    assert np.abs(ours - theirs).max() < 1e-9


@settings(max_examples=100, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    servers=st.lists(st.integers(1, 4), min_size=1, max_size=4),
    more=st.lists(st.integers(0, 3), min_size=4, max_size=4),
)
def test_more_servers_are_never_later(seed, servers, more):
    arrivals, work, hold = draws(seed, 80, len(servers))
    few = completions(arrivals, work, hold, tuple(servers))
    many = completions(
        arrivals, work, hold, tuple(s + m for s, m in zip(servers, more, strict=False))
    )
    assert (np.sort(many, axis=0) <= np.sort(few, axis=0) + 1e-9).all()


def test_one_server_by_hand():
    arrivals = np.array([0.0, 1.0, 10.0])
    work = np.array([[3.0], [2.0], [1.0]])
    hold = np.array([[1.0], [0.0], [0.0]])
    # the second waits for the first server's way back at 4; the third finds it free
    assert completions(arrivals, work, hold, (1,)).ravel().tolist() == [3.0, 6.0, 11.0]
    assert completions(arrivals, work, hold, (2,)).ravel().tolist() == [3.0, 3.0, 11.0]


def test_one_server_of_exponential_work_has_the_mean_of_the_textbook():
    # M/M/1 with rate 0.5 and service 1: mean time in the system is 1 / (mu - lambda) = 2
    rng = np.random.default_rng(3)
    cases = 400_000
    arrivals = np.cumsum(rng.exponential(2.0, cases))
    done = completions(arrivals, rng.exponential(1.0, (cases, 1)), np.zeros((cases, 1)), (1,))
    assert np.mean(done[:, 0] - arrivals) == pytest.approx(2.0, rel=0.03)


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 1000), servers=st.integers(1, 9))
def test_the_heap_keeps_the_first_free_server(seed, servers):
    arrivals, work, hold = draws(seed, 60, 1, rate=3.0)
    free = [0.0] * servers
    left = []
    for row, hour in enumerate(arrivals):
        end = max(hour, heapq.heappop(free)) + work[row, 0]
        left.append(end)
        heapq.heappush(free, end + hold[row, 0])
    assert completions(arrivals, work, hold, (servers,)).ravel().tolist() == left


@pytest.mark.parametrize(
    ("arrivals", "shape", "servers"),
    [([0.0, 1.0], (2, 1), (0,)), ([1.0, 0.0], (2, 1), (1,)), ([0.0, 1.0], (3, 1), (1,))],
)
def test_a_queue_that_cannot_be_is_refused(arrivals, shape, servers):
    with pytest.raises(InputError):
        completions(np.array(arrivals), np.ones(shape), np.zeros(shape), servers)
