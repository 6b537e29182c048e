"""The file that is repaired in the lesson on data of one's own."""

from smile_explore.views.own_data import BROKEN, REPAIRED, judge


def test_each_fault_of_the_file_is_told_until_none_is_left():
    right, said = judge(BROKEN)
    assert not right
    assert "wind.csv" in said
    named = BROKEN.replace("density", "n")
    assert judge(named)[1] != said
    assert not judge(named)[0]
    head, *rows = named.splitlines()
    sorted_rows = "\n".join([head, *sorted(rows)]) + "\n"
    assert "999.99 protons" in judge(sorted_rows)[1]
    right, repaired = judge(sorted_rows.replace("999.99", ""))
    # 1.6726e-27 kg x 25e6 m-3 x (500e3 m/s)^2 = 10.5 nPa
    assert right
    assert repaired.startswith("3 times")
    assert "10.5 nPa" in repaired
    assert judge(REPAIRED) == (right, repaired)
