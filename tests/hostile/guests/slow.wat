;; Takes its time: two dozen turns of a loop for each byte of the body, then decodes it as a good
;; one. Of a long body the first four bytes are the id.
(func $begin)
(func $decode (param $input i32) (param $result i32)
  (local $turns i32)
  (local.set $turns (i32.mul (i32.load offset=36 (local.get $input)) (i32.const 24)))
  (loop $each
    (local.set $turns (i32.sub (local.get $turns) (i32.const 1)))
    (br_if $each (i32.gt_s (local.get $turns) (i32.const 0))))
  (if (i32.gt_u (i32.load offset=36 (local.get $input)) (i32.const 64))
    (then (i32.store offset=36 (local.get $input) (i32.const 4))))
  (call $queued (local.get $input) (local.get $result)))
