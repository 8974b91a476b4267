"""Labels on a map stand in the frame and cover nothing, as long as there is room."""

from hypothesis import given
from hypothesis import strategies as st

from truceline.publish.draw.boxes import beside, is_free, within
from truceline.publish.draw.projection import Frame

FRAME = Frame(30.0, 48.0, 0.0, 0.0, 100.0, 800.0, 500.0)
SIZE = (50.0, 19.0)
areas = st.tuples(
    st.floats(0, 700), st.floats(0, 400), st.floats(1, 100), st.floats(1, 100)
).map(lambda a: (a[0], a[1], a[0] + a[2], a[1] + a[3]))  # fmt: skip


@given(area=areas)
def test_a_label_stands_beside_its_area_in_the_frame(area):
    box = beside(area, SIZE, FRAME, [])
    assert is_free(box, [area], FRAME)


@given(areas=st.lists(areas, max_size=12))
def test_no_label_covers_one_that_was_there_before(areas):
    taken = []
    for area in areas:
        taken.append(beside(area, SIZE, FRAME, taken))
    in_the_middle = [
        within(SIZE, (a[0] + a[2] - SIZE[0]) / 2, (a[1] + a[3] - SIZE[1]) / 2, FRAME) for a in areas
    ]
    for n, box in enumerate(taken):
        assert is_free(box, taken[:n], FRAME) or box == in_the_middle[n]


@given(x=st.floats(-1000, 2000), y=st.floats(-1000, 2000))
def test_what_stands_out_is_moved_in(x, y):
    assert is_free(within(SIZE, x, y, FRAME), [], FRAME)
