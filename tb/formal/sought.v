// A cover as an assertion that it is never reached, for solvers that know assertions only.
module \$cover (
    input A,
    input EN
);
  \$assert never (
      .A (!A),
      .EN(EN)
  );
endmodule
