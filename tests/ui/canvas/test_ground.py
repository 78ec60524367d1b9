"""What stands where, for boxes of any size."""

from random import Random

from netloom.ui.canvas.ground import Ground


def test_boxes_of_any_size_are_found_where_they_are() -> None:
    chance, ground = Random(1), Ground[int]()
    boxes = {}
    for key in range(300):
        x, y, wide = chance.uniform(-1e5, 1e5), chance.uniform(-1e5, 1e5), chance.choice([10.0, 1e3, 1e7])
        boxes[key] = (x, y, x + wide, y + wide / 2)
        ground.put(key, boxes[key])
    for key in range(0, 300, 3):
        ground.drop(key)
        del boxes[key]
    for _ in range(200):
        x, y, wide = chance.uniform(-1e5, 1e5), chance.uniform(-1e5, 1e5), chance.choice([1.0, 5e3, 1e6])
        found = list(ground.touching((x, y, x + wide, y + wide)))
        wanted = {
            key for key, box in boxes.items() if box[0] < x + wide and x < box[2] and box[1] < y + wide and y < box[3]
        }
        assert set(found) == wanted
        assert len(found) == len(wanted)


def test_a_box_over_millions_of_cells_takes_no_time() -> None:
    ground = Ground[str]()
    ground.put("wire", (-1e300, -1e300, 1e300, 1e300))
    assert list(ground.touching((0.0, 0.0, 1.0, 1.0))) == ["wire"]
    ground.drop("wire")
    assert list(ground.touching((0.0, 0.0, 1.0, 1.0))) == []
